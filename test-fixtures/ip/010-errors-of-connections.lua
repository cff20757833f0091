-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The peer is gone: every way of it has its own error, and none ends the program.
local ip = require 'ip'
local generic_error = require 'generic_error'
local eof = require('asio_error').misc.eof

local acceptor = ip.tcp.listen('127.0.0.1:0')
local function pair()
    local f = spawn(function () return acceptor:accept() end)
    local client = ip.tcp.dial('127.0.0.1:' .. acceptor.local_port)
    return client, f:join()
end
local function failing(f, ...)
    local ok, e = pcall(f, ...)
    return ok and 'no error' or e
end
local buf = byte_span.new(8)

-- A polite end, again and again.
local a, b = pair()
a:close()
print(failing(b.read_some, b, buf) == eof, failing(b.read_some, b, buf) == eof, failing(b.receive, b, buf, { 'peek' }) == eof)

-- An end right behind the data, as one event.
a, b = pair()
for _ = 1, 3 do
    a:write_some(byte_span.append('x'))
    b:read_some(buf)
end
local reader = spawn(function ()
    local n = b:read_some(buf)
    return n, failing(b.read_some, b, buf) == eof
end)
this_fiber.yield()
a:write_some(byte_span.append('bye'))
a:close()
print(reader:join())

-- A reset.
a, b = pair()
a:set_option('linger', true, 0)
reader = spawn(function () return failing(b.read_some, b, buf) end)
this_fiber.yield()
a:close()
print(reader:join():togeneric() == generic_error.ECONNRESET)
local e = failing(b.write_some, b, buf)
print(e:togeneric() == generic_error.EPIPE)

-- Half an end: the other direction goes on.
a, b = pair()
a:shutdown('send')
print(failing(b.read_some, b, buf) == eof, b:write_some(byte_span.append('back')), a:read_some(buf))
print(failing(a.write_some, a, buf):togeneric() == generic_error.EPIPE)

-- Nobody there.
local port = acceptor.local_port
acceptor:close()
print(failing(ip.tcp.dial, '127.0.0.1:' .. port):togeneric() == generic_error.ECONNREFUSED)
local s = ip.tcp.socket.new()
print(failing(s.connect, s, ip.address.loopback_v4(), port):togeneric() == generic_error.ECONNREFUSED, s.is_open)
print(failing(s.read_some, s, buf):togeneric() == generic_error.ENOTCONN)
for _, ep in ipairs { '', '127.0.0.1', '::1:80', '127.0.0.1:' } do
    print(failing(ip.tcp.dial, ep).arg, failing(ip.tcp.listen, ep).arg)
end

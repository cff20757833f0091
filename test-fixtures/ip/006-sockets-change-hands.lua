-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Release and assign move the connection, its data included; disconnect dissolves it.
local ip = require 'ip'
local stream = require 'stream'
local generic_error = require 'generic_error'

local acceptor = ip.tcp.listen('127.0.0.1:0')
local function pair()
    local f = spawn(function () return acceptor:accept() end)
    local client = ip.tcp.dial('127.0.0.1:' .. acceptor.local_port)
    return client, f:join()
end

local a, b = pair()
stream.write_all(a, 'on its way')
local fd = b:release()
print(b.is_open, fd.type, fd.non_blocking)
local copy = fd:dup()
print(fd:kcmp(copy), tostring(fd) ~= tostring(copy))
fd.non_blocking = false
local c = ip.tcp.socket.new()
c:assign(ip.address.any_v4(), fd)
print(copy.non_blocking, c.remote_port == a.local_port)
local buf = byte_span.new(10)
stream.read_all(c, buf)
print(buf)
-- The copy keeps the connection open.
c:close()
local reader = spawn(function () return pcall(a.read_some, a, buf) end)
this_fiber.yield()
copy:close()
local ok, e = reader:join()
print(ok, e == require('asio_error').misc.eof)
print((pcall(copy.dup, copy)), (pcall(function () return copy.type end)))

a, b = pair()
a:disconnect()
print(a.is_open, select(2, pcall(function () return a.remote_port end)):togeneric() == generic_error.ENOTCONN)
print((pcall(b.read_some, b, buf)))

-- connect opens what is closed, and refuses what is connected.
a, b = pair()
print(select(2, pcall(a.connect, a, ip.address.loopback_v4(), acceptor.local_port)):togeneric() == generic_error.EISCONN)
a:close()
a:connect(ip.address.loopback_v4(), acceptor.local_port)
print(a.remote_port == acceptor.local_port)

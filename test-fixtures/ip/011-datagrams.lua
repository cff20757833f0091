-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Datagrams: boundaries stay, what does not fit is lost, and nobody listening is an error only later.
local ip = require 'ip'
local generic_error = require 'generic_error'

local function failing(f, ...)
    local ok, e = pcall(f, ...)
    return ok and 'no error' or e
end
local a, b = ip.udp.socket.new(), ip.udp.socket.new()
for _, s in ipairs { a, b } do
    print(failing(s.receive, s, byte_span.new(1)):togeneric() == generic_error.EBADF)
    s:open('v4')
    s:bind('127.0.0.1', 0)
end
local buf = byte_span.new(8)
print(failing(a.send, a, byte_span.append('x')):togeneric() == generic_error.EDESTADDRREQ)
for _, text in ipairs { 'one', '', 'three', 'longer than it may be' } do
    print(a:send_to(byte_span.append(text), b.local_address, b.local_port))
end
for i = 1, 4 do
    local n, address, port = b:receive_from(buf)
    print(n, buf:first(n), address, port == a.local_port)
end
a:send_to(byte_span.append('peek'), b.local_address, b.local_port)
print(b:receive(buf, { 'peek' }), b:receive(buf), b:io_control('bytes_readable'))

-- Whoever is connected hears its peer only.
local c = ip.udp.dial('127.0.0.1:' .. b.local_port)
b:connect(c.local_address, c.local_port)
a:send_to(byte_span.append('stranger'), b.local_address, b.local_port)
c:send(byte_span.append('friend'))
print(buf:first(b:receive(buf)), b.remote_port == c.local_port)
b:disconnect()
print(failing(function () return b.remote_port end):togeneric() == generic_error.ENOTCONN)

-- Nobody there: the first datagram is sent, the next call says so.
local port = a.local_port
a:close()
c:connect(ip.address.loopback_v4(), port)
c:send(byte_span.append('x'))
print(failing(c.receive, c, buf):togeneric() == generic_error.ECONNREFUSED)

-- Canceled and closed.
local f = spawn(function () return b:receive_from(buf) end)
this_fiber.yield()
f:cancel()
f:join()
print(f.cancellation_caught)
f = spawn(function () return failing(b.receive, b, buf):togeneric() == generic_error.ECANCELED end)
this_fiber.yield()
b:close()
print(f:join())

local s = ip.udp.socket.new()
s:open('v4')
for _, opt in ipairs { 'broadcast', 'reuse_address', 'multicast_loop', 'do_not_route' } do
    s:set_option(opt, true)
    local on = s:get_option(opt)
    s:set_option(opt, false)
    print(opt, on, s:get_option(opt), failing(s.set_option, s, opt, 1).arg)
end
for _, opt in ipairs { 'multicast_hops', 'unicast_hops' } do
    s:set_option(opt, 7)
    print(opt, s:get_option(opt), failing(s.set_option, s, opt, true).arg)
end
print(failing(s.set_option, s, 'join_multicast_group', '224.0.0.1').arg, failing(s.set_option, s, 'no_such_option', 1).arg)
print(failing(s.get_option, s, 'join_multicast_group').arg)
s:set_option('multicast_interface', ip.address.loopback_v4())
local fd = s:release()
print(s.is_open, fd:is_socket('inet', 'datagram', 'udp'))
s:assign('v4', fd)
print(s.is_open, s:get_option('multicast_hops'))

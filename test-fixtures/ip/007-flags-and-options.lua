-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Options keep their type; flags are checked by name.
local ip = require 'ip'
local generic_error = require 'generic_error'

local function argument(f, ...)
    local ok, e = pcall(f, ...)
    return ok and 'no error' or e:togeneric() == generic_error.EINVAL and e.arg
end
local s = ip.tcp.socket.new()
print(select(2, pcall(s.get_option, s, 'keep_alive')):togeneric() == generic_error.EBADF)
s:open('v6')
for _, opt in ipairs { 'tcp_no_delay', 'out_of_band_inline', 'keep_alive', 'do_not_route', 'v6_only' } do
    s:set_option(opt, true)
    local on = s:get_option(opt)
    s:set_option(opt, false)
    print(opt, on, s:get_option(opt), argument(s.set_option, s, opt, 1), argument(s.set_option, s, opt))
end
for _, opt in ipairs { 'send_buffer_size', 'receive_buffer_size', 'receive_low_watermark' } do
    s:set_option(opt, 10000)
    print(opt, s:get_option(opt) >= 10000, argument(s.set_option, s, opt, true), argument(s.set_option, s, opt, -1), argument(s.set_option, s, opt, 1.5))
end
print(s:get_option('send_low_watermark'), (pcall(s.set_option, s, 'send_low_watermark', 1)))
s:set_option('linger', true, 5)
print(s:get_option('linger').enabled, s:get_option('linger').timeout)
s:set_option('linger', { enabled = false, timeout = 2 })
print(s:get_option('linger').enabled)
print(argument(s.set_option, s, 'linger', 5), argument(s.set_option, s, 'linger', {}), argument(s.set_option, s, 'linger', true, -1) ~= nil)
print(argument(s.set_option, s, 'no_such_option', true), argument(s.get_option, s, 'no_such_option'), argument(s.io_control, s, 'no_such_command'))
print(argument(s.shutdown, s, 'everything'), argument(s.wait, s, 'forever'))
print(argument(s.receive, s, byte_span.new(1), { 'peak' }), argument(s.send, s, byte_span.new(1), 'peek'), argument(s.read_some, s, 'text'))

local acceptor = ip.tcp.listen('127.0.0.1:0')
local f = spawn(function () return acceptor:accept() end)
local client = ip.tcp.dial('127.0.0.1:' .. acceptor.local_port)
local server = f:join()
print(client:send(byte_span.append('urgent?'), {}), client:send(byte_span.append('!'), { 'out_of_band' }))
server:wait('error')
local one = byte_span.new(1)
print(server:receive(one, { 'out_of_band' }), one)
local buf = byte_span.new(16)
print(buf:first(server:receive(buf, { 'peek' })), server:io_control('bytes_readable'), buf:first(server:receive(buf, {})))
print(client:read_some(byte_span.new(0)), client:write_some(byte_span.new(0)))
server:wait('write')
print(server.at_mark)
-- The kernel does not take it: the error says which argument that was.
local datagrams = ip.udp.socket.new()
datagrams:open('v4')
local ok, e = pcall(datagrams.set_option, datagrams, 'multicast_hops', 256)
print(ok, e.arg, e.syscall)

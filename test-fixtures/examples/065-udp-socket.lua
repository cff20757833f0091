-- sock.open('v4') is a typo for sock:open('v4'); port 0, local client
local ip = require 'ip'
local sock = ip.udp.socket.new()
sock:open('v4')
sock:bind(ip.address.any_v4(), 0)

local client = spawn(function()
    local c = ip.udp.dial('127.0.0.1:' .. sock.local_port)
    c:send(byte_span.append('echo me'))
    local buf = byte_span.new(1024)
    print(buf:first(c:receive(buf)))
end)

local buf = byte_span.new(1024)
local nread, remote_addr, remote_port = sock:receive_from(buf)
sock:send_to(buf:first(nread), remote_addr, remote_port)
client:join()

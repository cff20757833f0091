-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What waits and fails names the system call, as in TypeScript, and where it wanted to go, also where it has a name.
local ip, stream = require 'ip', require 'stream'

local buffer = byte_span.new(16)
local function says (f)
  local ok, e = pcall(f)
  print(tostring(e), e.message == tostring(e), e.syscall, e.address, e.hostname)
end

local udp = ip.udp.socket.new()
says(function () udp:receive_from(buffer) end)
says(function () udp:send_to(buffer, ip.address.new('127.0.0.1'), 9) end)
udp:open('v4')
local fiber = spawn(function () says(function () udp:receive(buffer) end) end)
this_fiber.yield()
udp:close()
fiber:join()

local acceptor = ip.tcp.listen('127.0.0.1:0')
local function connected ()
  local client = ip.tcp.dial('127.0.0.1:' .. acceptor.local_port)
  return client, acceptor:accept()
end
local client, server = connected()
server:shutdown('send')
says(function () client:read_some(buffer) end)
client, server = connected()
server:set_option('linger', true, 0)
server:close()
local port = acceptor.local_port
local function lost (f)
  local _, e = pcall(f)
  print((tostring(e):gsub(':' .. port, ':PORT')), e.message == tostring(e), e.syscall, e.address, e.port == port)
end
lost(function () client:read_some(buffer) end)
lost(function () stream.write_all(client, 'x') end)
-- The same where it waited, and over IPv6.
local acceptor6 = ip.tcp.listen('[::1]:0')
client = ip.tcp.dial('[::1]:' .. acceptor6.local_port)
server = acceptor6:accept()
port = acceptor6.local_port
fiber = spawn(function () lost(function () client:read_some(buffer) end) end)
this_fiber.yield()
server:set_option('linger', true, 0)
server:close()
fiber:join()
acceptor6:close()

port = acceptor.local_port
acceptor:close()
says(function () acceptor:accept() end)
local ok, refused = pcall(ip.tcp.dial, 'localhost:' .. port)
print((tostring(refused):gsub('%[?[%d.:]*%]?:%d+', 'ADDRESS:PORT')), refused.hostname, refused.port == port)
print(refused.address == '127.0.0.1' or refused.address == '::1')

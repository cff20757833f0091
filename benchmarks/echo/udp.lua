-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Answers each datagram with it. Prints "port N".
local ip = require('ip')

local socket, buffer = ip.udp.socket.new(), byte_span.new(16384)
socket:bind('127.0.0.1', 0)
print('port ' .. socket.local_port)
while true do
    local n, address, port = socket:receive_from(buffer)
    pcall(socket.send_to, socket, buffer:first(n), address, port) -- its client may have gone
end

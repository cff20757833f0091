-- sock.open()/sock.bind() are typos for method calls
local unix = require 'unix'
local filesystem = require 'filesystem'
local path = filesystem.temp_directory_path() / ('9Lq7BNBnBycd6nxy-' .. require('system').getpid() .. '.socket')
local sock = unix.datagram.socket.new()
sock:open()
sock:bind(path)
spawn(function()
    local c = unix.datagram.dial(tostring(path))
    c:send(byte_span.append('a datagram'))
end):detach()

local buf = byte_span.new(1024)
local nread = sock:receive(buf)
print(buf:first(nread))
filesystem.remove(path)

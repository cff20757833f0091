-- unix.segpacket is unix.seqpacket
local unix = require 'unix'
local filesystem = require 'filesystem'
local path = filesystem.temp_directory_path() / ('9Lq7BNBnBycd6nxy-q' .. require('system').getpid() .. '.socket')
local a = unix.seqpacket.acceptor.new()
a:open()
a:bind(path)
a:listen()

local function my_client_handler(s)
    local buf = byte_span.new(64)
    local n = s:receive(buf)
    s:send(byte_span.append('got ', buf:first(n)))
end
local server = spawn(function()
    while true do
        local s = a:accept()
        spawn(function()
            my_client_handler(s)
        end)
    end
end)
local c = unix.seqpacket.dial(tostring(path))
c:send(byte_span.append('a packet'))
local buf = byte_span.new(64)
print(buf:first(c:receive(buf)))
server:cancel()
server:join()
filesystem.remove(path)

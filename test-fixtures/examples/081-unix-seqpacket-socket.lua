--
-- receive(), so the bound socket connects to a peer first)
local unix = require 'unix'
local filesystem = require 'filesystem'
local system = require 'system'
local base = filesystem.temp_directory_path() / ('9Lq7BNBnBycd6nxy-p' .. system.getpid())
local acceptor = unix.seqpacket.listen(tostring(base .. '.peer'))
local server = spawn(function()
    local s = acceptor:accept()
    print(s.remote_path == base .. '.socket')
    s:send(byte_span.append('hello seqpacket'))
    return s
end)
local sock = unix.seqpacket.socket.new()
sock:open()
sock:bind(base .. '.socket')
sock:connect(base .. '.peer')

local buf = byte_span.new(1024)
local nread = sock:receive(buf)
print(buf:first(nread))
local keep = server:join()
filesystem.remove(base .. '.peer')
filesystem.remove(base .. '.socket')

--
local unix = require 'unix'
local stream = require 'stream'
local a, b = unix.stream.socket.pair()

local f = spawn(function()
    local buf = byte_span.new(1024)
    local nread = b:read_some(buf)
    print(buf:first(nread))
end)

local nwritten = stream.write_all(a, 'Hello World')
f:join()
print(nwritten)

-- with the socket_pair() left as an exercise for the reader
local ip = require 'ip'
local stream = require 'stream'
local function socket_pair()
    local acceptor = ip.tcp.listen('127.0.0.1:0')
    local f = spawn(function() return acceptor:accept() end)
    local a = ip.tcp.dial('127.0.0.1:' .. acceptor.local_port)
    return a, f:join()
end
local a, b = socket_pair()

local f = spawn(function()
    local buf = byte_span.new(1024)
    local nread = b:read_some(buf)
    print(buf:first(nread))
end)

local nwritten = stream.write_all(a, 'Hello World')
f:join()
print(nwritten)

-- listen, dial, accept, shutdown, EOF
local ip = require 'ip'
local stream = require 'stream'
local eof = require('asio_error').misc.eof
local a = ip.tcp.listen('127.0.0.1:0')
print(a.is_open, a.local_address, a.local_port > 0, a:get_option('reuse_address'))
local server = spawn(function()
    local s = a:accept()
    local buf = byte_span.new(64)
    while true do
        local ok, n = pcall(s.read_some, s, buf)
        if not ok then s:close() return n == eof end
        stream.write_all(s, buf:first(n))
    end
end)
local c = ip.tcp.dial('127.0.0.1:' .. a.local_port)
print(c.remote_address, c.remote_port == a.local_port, c.local_address, c.is_open)
stream.write_all(c, 'ping')
local buf = byte_span.new(4)
stream.read_all(c, buf)
print(buf)
c:shutdown('send')
print(server:join())
local ok, e = pcall(c.read_some, c, buf)
print(ok, e == eof)

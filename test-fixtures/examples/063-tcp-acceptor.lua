-- port 0 instead of 8080
local ip = require 'ip'
local stream = require 'stream'
local a = ip.tcp.acceptor.new()
a:open('v4')
a:set_option('reuse_address', true)
a:bind('127.0.0.1', 0)
a:listen()

local function my_client_handler(s)
    stream.write_all(s, 'served')
    s:close()
end
local server = spawn(function()
    while true do
        local s = a:accept()
        spawn(function()
            my_client_handler(s)
        end)
    end
end)
for i = 1, 3 do
    local c = ip.tcp.dial('127.0.0.1:' .. a.local_port)
    local buf = byte_span.new(6)
    stream.read_all(c, buf)
    print(buf)
end
server:cancel()
server:join()

-- local listeners instead of www.example.com
local ip = require 'ip'
local acceptor = ip.tcp.listen('127.0.0.1:0')
local closed = ip.tcp.listen('127.0.0.1:0')
local dead_port = closed.local_port
closed:close()
local results = {
    {address = ip.address.loopback_v4(), port = dead_port},
    {address = ip.address.loopback_v4(), port = acceptor.local_port}
}
local sock = ip.tcp.socket.new()
local addr, port = ip.connect(
    sock, results,
    function(last_error, next_addr, next_port)
        if last_error then
            print("Error: " .. (last_error:togeneric() == require('generic_error').ECONNREFUSED
                and 'refused' or tostring(last_error)))
        end
        print("Trying: " .. ip.tostring(next_addr, next_port):gsub(':%d+$', ':PORT'))
        return true
    end
)
print("Connected to: " .. ip.tostring(addr, port):gsub(':%d+$', ':PORT'))

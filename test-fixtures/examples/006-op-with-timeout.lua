--
-- whose value is undocumented, tries port 8080 first, and passes 5000, a leftover from
-- milliseconds)
local sleep = require('time').sleep

function op_with_timeout(op, timeout)
    local f_op = spawn(op)
    local f_timer = spawn(function()
        sleep(timeout)
        f_op:cancel()
    end)

    local ret = {f_op:join()}
    f_timer:cancel()
    return unpack(ret)
end

-- USAGE EXAMPLE

local ip = require 'ip'

local acceptor = ip.tcp.acceptor.new()
acceptor:open('v4')
acceptor:set_option('reuse_address', true)
acceptor:bind(ip.address.loopback_v4(), 0)
local where = ip.tostring(acceptor.local_address, acceptor.local_port)
print('Listening on ' .. where:gsub(':%d+$', ':PORT'))
acceptor:listen()

local client = spawn(function() return ip.tcp.dial(where) end)
local sock = op_with_timeout(function() return acceptor:accept() end, 5)
print(sock.is_open)
client:join()
print('timed out:', select('#', op_with_timeout(function() return acceptor:accept() end, 0.05)))

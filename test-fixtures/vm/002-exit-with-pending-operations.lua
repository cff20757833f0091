-- exit: 7
-- system.exit() with operations pending: they are canceled, nothing of them is delivered, and the process ends.
local ip = require 'ip'
local system = require 'system'
local time = require 'time'
local acceptor = ip.tcp.listen('127.0.0.1:0')
local client = ip.tcp.dial('127.0.0.1:' .. acceptor.local_port)
local server = acceptor:accept()
for i = 1, 3 do
    spawn(function() time.sleep(60) print('unreachable') end):detach()
end
spawn(function() print('unreachable', pcall(acceptor.accept, acceptor)) end):detach()
spawn(function() print('unreachable', pcall(server.read_some, server, byte_span.new(10))) end):detach()
spawn(function() print('unreachable', pcall(client.read_some, client, byte_span.new(10))) end):detach()
spawn(function()
    scope_cleanup_push(function() print('unreachable handler') end)
    print('unreachable', pcall(ip.tcp.get_address_info, 'name.invalid', 80))
end):detach()
this_fiber.yield()
this_fiber.yield()
print('exiting')
system.exit(7)
print('unreachable')

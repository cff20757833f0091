-- system.exit in an actor stops only that VM
-- exit: 0
local inbox = require 'inbox'
local system = require 'system'
if _CONTEXT == 'main' then
    local ch = spawn_vm('.')
    ch:send(inbox)
    print(inbox:receive())
    local ok
    for i = 1, 200 do
        ok = pcall(function() ch:send('x') end)
        if not ok then break end
        require('time').sleep(0.02)
    end
    print('main goes on', ok)
else
    local main = inbox:receive()
    main:send('exiting')
    spawn(function() for i = 1, 1000 do this_fiber.yield() end print('unreachable') end):detach()
    system.exit(3)
    print('unreachable')
end

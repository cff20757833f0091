--
local inbox = require 'inbox'
local time = require 'time'
if _CONTEXT == 'main' then
    local ch = spawn_vm('.')
    ch:send(inbox)
    inbox:receive()
    print((pcall(function() ch:send('more work') end)))
else
    local main
    spawn(function()
        scope_cleanup_push(function() inbox:close() end)
        main = inbox:receive()
    end):join()
    main:send('closed')
    time.sleep(0.3)
end

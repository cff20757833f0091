-- nothing can be sent or received after close
local inbox = require 'inbox'
if _CONTEXT == 'main' then
    local ch = spawn_vm('.')
    ch:send(inbox)
    ch:send('last one')
    ch:close()
    print((pcall(function() ch:send('too late') end)))
    print(inbox:receive())
    inbox:close()
    print((pcall(function() inbox:receive() end)))
else
    local main = inbox:receive()
    main:send('worker got ' .. inbox:receive())
end

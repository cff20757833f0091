--
local inbox = require 'inbox'
if _CONTEXT == 'main' then
    local module = '.'
    local my_channel = spawn_vm(module)
    my_channel:send{ dest = inbox, value = 'ping' }
    print(inbox:receive())
else
    local m = inbox:receive()
    m.dest:send(m.value .. ' pong')
end

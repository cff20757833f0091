-- messages of one sender are delivered in order
local inbox = require 'inbox'
if _CONTEXT == 'main' then
    local ch = spawn_vm('.')
    ch:send(inbox)
    for i = 1, 100 do ch:send(i) end
    print(inbox:receive())
else
    local parent = inbox:receive()
    local ok = true
    for i = 1, 100 do ok = ok and inbox:receive() == i end
    parent:send(ok and 'in order' or 'out of order')
end

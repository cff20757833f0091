--
local inbox = require 'inbox'
if _CONTEXT == 'main' then
    local module = '.'
    -- Instantiates a new lua VM that shares
    -- the caller's `asio::io_context`
    local a = spawn_vm(module)

    -- Instantiates a new lua VM in a new
    -- thread with its own `asio::io_context`
    local b = spawn_vm{ module=module, inherit_context=false }
    a:send{from = inbox, name = 'shared context'}
    print(inbox:receive())
    b:send{from = inbox, name = 'own context'}
    print(inbox:receive())
else
    local m = inbox:receive()
    m.from:send('hello from the actor in its ' .. m.name)
end

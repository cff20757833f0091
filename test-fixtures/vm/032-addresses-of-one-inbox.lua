-- Addresses of one inbox compare equal, wherever they came from.
local inbox = require 'inbox'

if _CONTEXT == 'main' then
    local actor, other = spawn_vm '.', spawn_vm '.'
    actor:send{ to = inbox, again = inbox, actor = actor, other = other }
    local m = inbox:receive()
    print('of the main program, sent there and back', m.to == m.again, rawequal(m.to, m.again))
    print('its own, as it was told', m.own == m.actor)
    print('its own, from here', actor == m.own, actor == m.actor)
    print('of another', actor == other, m.other == other, m.other == m.actor)
    print('of the main program and of an actor', m.to == actor)
    print('something else', actor == 1, actor == inbox)
    require('system').exit(0)
else
    local m = inbox:receive()
    m.to:send{ to = m.to, again = m.again, actor = m.actor, other = m.other, own = inbox }
end

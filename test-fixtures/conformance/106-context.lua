-- _CONTEXT is main or worker; not propagated to submodules
if _CONTEXT == 'main' then
    local inbox = require 'inbox'
    print(_CONTEXT)
    local ch = spawn_vm('.')
    ch:send(inbox)
    local m = inbox:receive()
    print(m.ctx, m.sub)
else
    local inbox = require 'inbox'
    local ch = inbox:receive()
    local sub = require('/m_context').ctx
    ch:send{ctx = _CONTEXT, sub = sub}
end

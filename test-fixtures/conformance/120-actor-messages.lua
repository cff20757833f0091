-- deep copies of tables, strings, numbers and booleans
if _CONTEXT == 'main' then
    local inbox = require 'inbox'
    local ch = spawn_vm('.')
    local shared = {1, 2}
    local msg = {from = inbox, s = 'text', n = 1.5, t = true, f = false,
        nested = {a = {b = 'deep'}, list = {10, 20, 30}}, x = shared, y = shared}
    ch:send(msg)
    msg.nested.a.b = 'changed later'
    local r = inbox:receive()
    print(r.s, r.n, r.t, r.f, r.deep, r.sum)
    print(msg.nested.list[1])
    for _, v in ipairs{'plain string', 42, true} do
        ch:send(v)
        print(inbox:receive())
    end
else
    local inbox = require 'inbox'
    local m = inbox:receive()
    m.nested.list[1] = 99
    m.from:send{s = m.s, n = m.n, t = m.t, f = m.f, deep = m.nested.a.b,
        sum = m.x[1] + m.y[2]}
    for i = 1, 3 do
        local v = inbox:receive()
        m.from:send(type(v) .. ' ' .. tostring(v))
    end
end

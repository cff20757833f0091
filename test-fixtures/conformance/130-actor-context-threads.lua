-- work-stealing: several VMs on several threads
local inbox = require 'inbox'
if _CONTEXT == 'main' then
    spawn_context_threads(2)
    local n = 6
    for i = 1, n do spawn_vm('.'):send{from = inbox, n = i * 1000} end
    local sum = 0
    for i = 1, n do sum = sum + inbox:receive() end
    print(sum)
else
    local m = inbox:receive()
    local s = 0
    for i = 1, m.n do s = s + 1 end
    m.from:send(s)
end

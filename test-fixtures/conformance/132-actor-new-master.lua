-- mastership moves to the new VM and does not come back
local inbox = require 'inbox'
local fs = require 'filesystem'
if _CONTEXT == 'main' then
    local old = fs.umask(18)
    local ch = spawn_vm{module = '.', new_master = true}
    print((pcall(fs.umask, 18)))
    ch:send(inbox)
    print(inbox:receive())
else
    local main = inbox:receive()
    local ok, old = pcall(fs.umask, 18)
    main:send(tostring(ok) .. ' ' .. tostring(old))
end

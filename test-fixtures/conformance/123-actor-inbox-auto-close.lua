-- an inbox that was never imported closes when main ends
local time = require 'time'
if _CONTEXT == 'main' then
    local ch = spawn_vm('.')
    print('main sends')
    local ok
    for i = 1, 200 do
        ok = pcall(function() ch:send('foobar') end)
        if not ok then break end
        time.sleep(0.02)
    end
    print(ok)
end

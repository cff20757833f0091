-- structured concurrency: the parent cancels its children
local sleep = require('time').sleep
local done = {}
local parent = spawn(function()
    local children = {}
    scope_cleanup_push(function()
        for _, f in ipairs(children) do f:cancel() end
        for _, f in ipairs(children) do f:join() end
        for _, f in ipairs(children) do
            done[#done + 1] = tostring(f.cancellation_caught)
        end
    end)
    for i = 1, 3 do children[i] = spawn(function() sleep(60) end) end
    for _, f in ipairs(children) do f:join() end
end)
sleep(0.02)
parent:cancel()
parent:join()
print(parent.cancellation_caught, table.concat(done, ' '))

-- once canceled, every later point throws again
local sleep = require('time').sleep
local f = spawn(function()
    scope_cleanup_push(function() print('root cleanup') end)
    local ok = pcall(function() sleep(60) end)
    print('swallowed', ok)
    sleep(60)
    print('unreachable')
end)
this_fiber.yield()
f:cancel()
f:join()
print(f.cancellation_caught)

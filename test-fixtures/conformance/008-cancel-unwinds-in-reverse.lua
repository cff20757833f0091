-- cleanup handlers run in reverse order
local sleep = require('time').sleep
local f = spawn(function()
    scope_cleanup_push(function() print('cleanup 1') end)
    scope_cleanup_push(function() print('cleanup 2') end)
    print('started')
    sleep(60)
    print('unreachable')
end)
this_fiber.yield()
f:cancel()
f:join()
print(f.cancellation_caught, f.joinable)

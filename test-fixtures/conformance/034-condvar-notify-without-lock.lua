-- the notifier needs no lock
local mutex = require 'mutex'
local condition_variable = require 'condition_variable'
local m, c, ready = mutex.new(), condition_variable.new(), false
local f = spawn(function()
    scope(function()
        scope_cleanup_push(function() m:unlock() end)
        m:lock()
        while not ready do c:wait(m) end
        print('consumed')
    end)
end)
this_fiber.yield()
ready = true
c:notify_one()
print('notify does not suspend')
f:join()
print(m:try_lock())

-- the mutex is re-acquired before the cancellation is delivered
local mutex = require 'mutex'
local condition_variable = require 'condition_variable'
local m, c = mutex.new(), condition_variable.new()
local f = spawn(function()
    m:lock()
    scope_cleanup_push(function()
        print('handler owns the mutex')
        m:unlock()
    end)
    c:wait(m)
    print('unreachable')
end)
this_fiber.yield()
m:lock()
print('main holds it: the waiter had released it')
f:cancel()
for i = 1, 5 do this_fiber.yield() end
print('the canceled waiter is still waiting for it')
m:unlock()
f:join()
print(f.cancellation_caught, m:try_lock())

-- Time limits and races.
local generic_error = require 'generic_error'
local runtime = require 'runtime'
local sleep = require('time').sleep
local ETIMEDOUT = generic_error.ETIMEDOUT

print(runtime.timeout(60, function(...) sleep(0.001) return 'in time', ... end, 'and', 'more'))
print(runtime.timeout(math.huge, function() return 'no limit' end))

local ok, e = pcall(runtime.timeout, 0.002, function()
    scope_cleanup_push(function() sleep(0.001) print('cleaned up') end)
    sleep(60)
end)
print(ok, e == ETIMEDOUT, e.seconds)

for _, seconds in ipairs{ 0, -0, 1e-9 } do
    ok, e = pcall(runtime.timeout, seconds, sleep, 60)
    print(ok, e == ETIMEDOUT, runtime.timeout(seconds, function() return 'at once' end))
end

ok, e = pcall(runtime.timeout, 60, error, 'own')
print(ok, e)
print(runtime.timeout(0.001, function() pcall(sleep, 60) return 'late, but kept' end))
ok, e = pcall(runtime.timeout, 0.001, function() pcall(sleep, 60) error('cleanup', 0) end)
print(ok, e)

local function which(outer, inner)
    local _, e = pcall(runtime.timeout, outer, function() runtime.timeout(inner, sleep, 60) end)
    return e.seconds
end
print(which(0.001, 50), which(50, 0.002))

local fiber = spawn(function() runtime.timeout(60, sleep, 60) end)
sleep(0.001)
fiber:cancel()
fiber:join()
print(fiber.cancellation_caught)

ok, e = pcall(runtime.timeout, 0.001, function()
    runtime.task_group(function(group)
        group:spawn(function()
            scope_cleanup_push(function() print('child cleaned up') end)
            sleep(60)
        end)
    end)
end)
print(ok, e == ETIMEDOUT)

local cleaned = {}
local function tidy(name)
    return function()
        scope_cleanup_push(function() sleep(0.001) cleaned[#cleaned + 1] = name end)
        sleep(60)
    end
end
print(runtime.race{ tidy('a'), function() sleep(0.001) return 'first', 'wins' end, tidy('c') })
print(#cleaned)
ok, e = pcall(runtime.race, { tidy('a'), function() error('first', 0) end })
print(ok, e, #cleaned)
fiber = spawn(function() runtime.race{ tidy('a') } end)
sleep(0.001)
fiber:cancel()
fiber:join()
print(fiber.cancellation_caught, #cleaned)

for _, call in ipairs{ { runtime.timeout, 0 / 0, print }, { runtime.timeout, -1, print }, { runtime.timeout, 1, 2 }, { runtime.race, {} }, { runtime.race, { 1 } }, { runtime.task_group, 1 } } do
    ok, e = pcall(unpack(call))
    print(ok, e:togeneric() == generic_error.EINVAL, e.arg, e.expected)
end

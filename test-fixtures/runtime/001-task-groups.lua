-- Task groups: nothing outlives them, the first failure ends them.
local generic_error = require 'generic_error'
local runtime = require 'runtime'
local sleep = require('time').sleep

print(runtime.task_group(function(group)
    local one = group:spawn(function(a, b) sleep(0.002) return a + b, 'two results' end, 1, 2)
    group:spawn(function() sleep(0.004) print('child ends') end)
    return one:join()
end))

-- Waits until it is canceled, and cleans up with a wait.
local cleaned = {}
local function tidy(name)
    return function()
        scope_cleanup_push(function() sleep(0.001) cleaned[#cleaned + 1] = name end)
        sleep(60)
    end
end
local function print_cleaned()
    table.sort(cleaned)
    print('cleaned up', unpack(cleaned))
    cleaned = {}
end

local ok, e = pcall(runtime.task_group, function(group)
    group:spawn(tidy('sibling'))
    group:spawn(function() sleep(0.001) error('first', 0) end)
    tidy('block')()
end)
print(ok, e)
print_cleaned()

ok, e = pcall(runtime.task_group, function(group)
    group:spawn(function() pcall(sleep, 60) error('second', 0) end)
    sleep(0.001)
    error('first', 0)
end)
print(ok, tostring(e), e.cause, #e.errors)

ok, e = pcall(runtime.task_group, function(group)
    group:spawn(function() error('joined', 0) end):join()
end)
print(ok, e)

-- Canceled from outside, while its block runs and while it only waits.
for _, block in ipairs{ function() sleep(60) end, function() end } do
    local fiber = spawn(function()
        runtime.task_group(function(group)
            group:spawn(tidy('child'))
            block()
        end)
    end)
    sleep(0.001)
    fiber:cancel()
    fiber:join()
    print(fiber.cancellation_caught)
    print_cleaned()
end

-- In a fiber that is canceled already nothing starts.
local fiber = spawn(function()
    runtime.task_group(function(group)
        group:spawn(function() print('unreachable') end)
        print('unreachable')
    end)
    print('unreachable')
end)
fiber:cancel()
fiber:join()
print(fiber.cancellation_caught)

-- Nested: the failure of the inner one ends the outer one.
ok, e = pcall(runtime.task_group, function(outer)
    outer:spawn(tidy('outer child'))
    runtime.task_group(function(inner)
        inner:spawn(tidy('inner child'))
        inner:spawn(function() error('innermost', 0) end)
    end)
end)
print(ok, e)
print_cleaned()

-- Canceled fibers have not failed; many may join one; nothing is spawned after the end.
local kept
print(runtime.task_group(function(group)
    kept = group
    local one = group:spawn(sleep, 60)
    sleep(0.001)
    one:cancel()
    print('joined', select('#', one:join()), one.cancellation_caught, one.done)
    group:spawn(tidy('other'))
    sleep(0.001)
    group:cancel()
    local seven = group:spawn(function() return 7 end)
    local joiners = {}
    for i = 1, 3 do joiners[i] = group:spawn(function() return seven:join() end) end
    return joiners[1]:join() + joiners[2]:join() + joiners[3]:join() + seven:join()
end))
print_cleaned()
ok, e = pcall(kept.spawn, kept, print)
print(ok, e:togeneric() == generic_error.EINVAL, e.arg)

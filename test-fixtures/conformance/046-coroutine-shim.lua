-- shim hides fibers; native suspension passes through
print(coroutine.running())
spawn(function() print(coroutine.running()) end):join()
print(pcall(coroutine.yield) == true)
local other = spawn(function() print('other fiber runs') end)
local co = coroutine.create(function(a)
    print('in coroutine', a, coroutine.running() ~= nil)
    this_fiber.yield()                 -- suspends the whole fiber
    local b = coroutine.yield('y1')    -- suspends only the coroutine
    print('resumed with', b)
    return 'done'
end)
print(coroutine.resume(co, 1))
print(coroutine.status(co))
print(coroutine.resume(co, 2))
print(coroutine.status(co))
print((coroutine.resume(co)))
other:join()
local gen = coroutine.wrap(function() for i = 1, 3 do this_fiber.yield() coroutine.yield(i) end end)
print(gen(), gen(), gen())

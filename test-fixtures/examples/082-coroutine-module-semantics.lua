--
local co = coroutine.create(function() this_fiber.yield() coroutine.yield('lua yield') end)
print(coroutine.resume(co))
print(coroutine.status(co), coroutine.running())
print((pcall(coroutine.yield)))

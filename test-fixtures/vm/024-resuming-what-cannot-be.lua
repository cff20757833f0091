-- A coroutine that waits for something inside another fiber is not for others to resume: EPERM. One that is dead, or
-- that runs, is reported as Lua does.
local waiting = coroutine.create(function () this_fiber.yield() return 'done' end)
local fiber = spawn(function () return coroutine.resume(waiting) end)
this_fiber.yield()
local ok, e = pcall(coroutine.resume, waiting)
print('waiting', ok, e.code, tostring(e.category))
print('waited', fiber:join())
print('dead', coroutine.resume(waiting))
local running
running = coroutine.create(function () return coroutine.resume(running) end)
print('running', coroutine.resume(running))
local outer
outer = coroutine.create(function ()
  return coroutine.resume(coroutine.create(function () return coroutine.resume(outer) end))
end)
print('normal', coroutine.resume(outer))

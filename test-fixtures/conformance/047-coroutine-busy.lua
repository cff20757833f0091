-- a coroutine suspended natively is "normal" and not resumable
local co = coroutine.create(function()
    this_fiber.yield()
    this_fiber.yield()
    return 'finished'
end)
local f = spawn(function() return coroutine.resume(co) end)
this_fiber.yield()
print(coroutine.status(co))
local ok = pcall(function()
    local ok2, e = coroutine.resume(co)
    if not ok2 then error(e, 0) end
end)
print(ok)
print(f:join())
print(coroutine.status(co))

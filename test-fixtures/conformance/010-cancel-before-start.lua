-- the body runs until its first cancellation point
local f = spawn(function()
    print('first lines run')
    this_fiber.yield()
    print('unreachable')
end)
f:cancel()
f:join()
print(f.cancellation_caught)

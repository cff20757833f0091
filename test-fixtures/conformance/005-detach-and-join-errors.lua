-- detached handles are no longer joinable; join on them fails
local f = spawn(function() print('runs anyway') end)
f:detach()
print(f.joinable, pcall(function() f:join() end) == true)
this_fiber.yield()
local g = spawn(function() end)
g:join()
print(pcall(function() g:join() end) == true)

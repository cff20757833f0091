--
local my_mutex = require('mutex').new()
spawn(function()
    my_mutex:lock()
    scope_cleanup_push(function() my_mutex:unlock() end)
    error('unlocked anyway')
end):detach()
for i = 1, 5 do this_fiber.yield() end
print(my_mutex:try_lock())

-- exit: 1
-- An allocation that fails closes the VM: no protected call gets to see it, and no handler runs.
local f = spawn(function()
    this_fiber.yield()
    print('unreachable fiber')
end)
scope_cleanup_push(function() print('unreachable handler') end)
print('before')
print('unreachable', pcall(string.rep, 'x', 2 ^ 31 - 1))

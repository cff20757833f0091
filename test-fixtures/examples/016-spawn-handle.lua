--
local fn = function() return 'joined value' end
-- Spawn a new fiber on this lua VM
local f = spawn(fn)
print(f:join())

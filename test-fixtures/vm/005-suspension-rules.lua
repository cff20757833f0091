-- forbid_suspend() nests and comes before everything else; allow_suspend() needs a forbid_suspend() before it.
local mutex = require 'mutex'
local sleep = require('time').sleep
print(pcall(this_fiber.allow_suspend))
local m = mutex.new()
this_fiber.forbid_suspend()
this_fiber.forbid_suspend()
print(pcall(this_fiber.yield))
print(pcall(m.lock, m))
print(pcall(sleep, 0))
print(m:try_lock())
m:unlock()
this_fiber.allow_suspend()
print((pcall(sleep, 0)))
this_fiber.allow_suspend()
print(pcall(sleep, 0))
print(pcall(this_fiber.restore_cancellation))
-- A callback of C cannot be suspended.
print(pcall(string.gsub, 'x', 'x', function() this_fiber.yield() end))
print(pcall(string.gsub, 'x', 'x', function() m:lock() end))
print(m:try_lock())

-- exit: 1
-- Every fiber waits for something that cannot come: the program says so on stderr and fails.
local mutex = require 'mutex'
local future = require 'future'
local m = mutex.new()
local promise, f = future.new()
spawn(function() m:lock() f:get() end):detach()
print('waiting')
this_fiber.yield()
m:lock()
print('unreachable', promise)

--
local future = require 'future'
local p, f = future.new()
local w = spawn(function() f:get() print('unreachable') end)
this_fiber.yield()
w:cancel()
w:join()
print(w.cancellation_caught)
p:set_value(44)
print(f:get())

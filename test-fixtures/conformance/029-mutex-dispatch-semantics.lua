-- no context switch when the mutex can be taken at once
local mutex = require 'mutex'
spawn(function() print('other fiber') end):detach()
local m = mutex.new()
m:lock()
print('locked')
m:unlock()
m:lock()
m:unlock()
print('main ran first')
this_fiber.yield()

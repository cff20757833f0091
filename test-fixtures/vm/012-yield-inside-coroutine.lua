-- What suspends the fiber of a coroutine returns there what it returns elsewhere.
local mutex = require('mutex').new()
local f = spawn(function () mutex:lock() this_fiber.yield() mutex:unlock() end)
this_fiber.yield()
print(coroutine.wrap(function () return 'yield', select('#', this_fiber.yield()) end)())
print(coroutine.wrap(function () return 'lock', select('#', mutex:lock()) end)())
f:join()

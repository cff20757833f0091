-- one unlock per level before another fiber can own it
local recursive_mutex = require 'recursive_mutex'
local m = recursive_mutex.new()
m:lock()
m:lock()
print('third level', m:try_lock())
local f = spawn(function()
    print('child try', m:try_lock())
    m:lock()
    print('child owns')
    m:unlock()
end)
this_fiber.yield()
for i = 3, 1, -1 do
    this_fiber.yield()
    print('unlock level', i)
    m:unlock()
end
f:join()

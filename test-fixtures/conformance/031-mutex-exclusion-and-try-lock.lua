--
local mutex = require 'mutex'
local m = mutex.new()
local inside, max, order = 0, 0, {}
local fibers = {}
for i = 1, 4 do
    fibers[i] = spawn(function()
        m:lock()
        inside = inside + 1
        max = math.max(max, inside)
        order[#order + 1] = i
        this_fiber.yield()
        this_fiber.yield()
        inside = inside - 1
        m:unlock()
    end)
end
this_fiber.yield()
print(m:try_lock())
for i = 1, 4 do fibers[i]:join() end
print(max, #order)
print(m:try_lock())
spawn(function() print(m:try_lock()) end):join()
m:unlock()
spawn(function() print(m:try_lock()) m:unlock() end):join()

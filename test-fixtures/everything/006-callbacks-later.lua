-- env: EMILUA_PATH=$BUILD/test
-- Functions that C++ calls on a later turn.
local everything = require 'everything'
local try = require('./m_try').try

for _, name in ipairs {'apply_later', 'apply_after'} do
    local apply = everything[name]
    print(name, apply(function(v) return v * 2 end, 21))
    local mine = {}
    print(select(2, pcall(apply, function() error(mine) end, 1)) == mine)
    print(select('#', pcall(apply, function() error() end, 1)), (select(2, pcall(apply, function() error() end, 1))))
    try('a string for a number', apply, function() return 'x' end, 1)
    try('nothing for a number', apply, function() end, 1)
    try('yields', apply, function() this_fiber.yield() return 1 end, 1)
    try('yields as a coroutine', apply, function() coroutine.yield() return 1 end, 1)
    try('raises inside another', apply, function(v) return everything.apply(function() error('inner', 0) end, v) end, 1)
    print(apply(function(v) return everything.apply(function(w) return w + 1 end, v) end, 1))
end

-- Many at once, and what the function starts.
local fibers = {}
for i = 1, 100 do
    fibers[i] = spawn(function()
        return everything.apply_later(function(v)
            spawn(function() end):detach()
            if i % 2 == 0 then error(i, 0) end
            return v
        end, i)
    end)
end
local sum, raised = 0, 0
for _, f in ipairs(fibers) do
    local ok, v = pcall(f.join, f)
    if ok then sum = sum + v else raised = raised + v end
end
print(sum, raised)

-- The function cancels its own fiber.
local own
own = spawn(function()
    local v = everything.apply_later(function(v) own:cancel() return v end, 7)
    print('went on', v)
    this_fiber.yield()
end)
own:join()
print(own.cancellation_caught)
own = spawn(function()
    everything.apply_later(function() own:cancel() error('mine', 0) end, 7)
end)
try('canceled and raised', own.join, own)

-- From where it cannot be called.
print(everything.apply_elsewhere(function() print('never') return 1 end))
everything.apply_too_late(function() print('never') return 1 end)
while everything.late_call() == -1 do this_fiber.yield() end
print(everything.late_call())

-- A VM ends while one is to be called.
spawn(function() everything.apply_after(function() print('never') return 1 end, 1) end):detach()
this_fiber.yield()
require('system').exit(0)

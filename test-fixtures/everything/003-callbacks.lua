-- env: EMILUA_PATH=$BUILD/test
-- Functions that C++ calls.
local everything = require 'everything'
local try = require('./m_try').try

print(everything.apply(function(v) return v * 2 end, 21))
print(everything.each({a = 10, b = 20}, function(name, point) print(name, point.x, point.y, point.label) end))
print(everything.apply(function(v) return everything.apply(function(w) return w + 1 end, v) + 1 end, 1))

local mine = {}
print(select(2, pcall(everything.apply, function() error(mine) end, 1)) == mine)
print(select('#', pcall(everything.apply, function() error() end, 1)))
try('a string for a number', everything.apply, function() return 'x' end, 1)
try('nothing for a number', everything.apply, function() end, 1)
try('no function', everything.apply, 5, 1)

local suspended = false
local function suspends() suspended = true; this_fiber.yield() end
try('suspends', everything.each, {a = 1, b = 2}, suspends)
try('suspends in a coroutine', coroutine.wrap(function() everything.each({a = 1}, suspends) end))
try('yields to a coroutine', coroutine.wrap(function() everything.each({a = 1}, coroutine.yield) end))
print(suspended, everything.apply(function(v) return v end, 5))

print(everything.apply(function(v)
    spawn(function() print('spawned inside') end):detach()
    return v
end, 1))
this_fiber.yield()

-- What was kept is let go.
local weak = setmetatable({}, {__mode = 'k'})
for _ = 1, 100 do
    local f = function(v) return v + #weak end
    weak[f] = true
    everything.apply(f, 1)
end
this_fiber.yield()
everything.apply(math.abs, 1)
collectgarbage()
collectgarbage()
local left = 0
for _ in pairs(weak) do left = left + 1 end
print(left <= 1)

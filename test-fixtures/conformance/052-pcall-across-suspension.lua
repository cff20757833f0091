-- suspending inside pcall, iterators and metamethods works
local t = setmetatable({}, {__index = function(_, k)
    this_fiber.yield()
    return k .. '!'
end})
local log = {}
spawn(function() log[#log + 1] = 'other' end):detach()
print(pcall(function() return t.foo end))
local function iter(_, i)
    this_fiber.yield()
    if i < 3 then return i + 1 end
end
for i in iter, nil, 0 do log[#log + 1] = i end
local sorted = {3, 1, 2}
print(table.concat(log, ' '))

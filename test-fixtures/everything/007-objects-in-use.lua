-- env: EMILUA_PATH=$BUILD/test
-- Objects that an operation was given stay as long as it lasts.
local everything = require 'everything'
local counter = everything.counter

local function code(f, ...)
    local ok, e = pcall(f, ...)
    return ok and 'left' or tostring(e)
end

local mine, others = counter.new(1), {}
for i = 1, 5 do others[i] = counter.new(i) end
local begun = false
local adds = spawn(function()
    begun = true
    return mine:add_later(others)
end)
repeat this_fiber.yield() until begun
spawn(function()
    print('receiver', code(everything.echo_value, mine))
    for i = 1, 5 do print(i, code(everything.echo_value, {others[i]})) end
    print('consumed', code(everything.swallow, others[5]))
end):join()
print(adds:join())
print(code(everything.echo_value, mine), code(everything.echo_value, others[1]), code(everything.echo_value, others[5]))

-- A call that failed keeps nothing.
local one = counter.new(1)
print(pcall(mine.add_later, counter.new(1), {one, 5}))
print(code(everything.echo_value, one))

-- While a function runs that a call was given.
local a, b = counter.new(1), counter.new(2)
everything.apply(function(v)
    print(code(everything.echo_value, b))
    return v
end, 1)

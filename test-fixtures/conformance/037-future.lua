-- shared future: many waiters, repeated get
local future = require 'future'
local p, f = future.new()
local got = {}
local waiters = {}
for i = 1, 2 do
    waiters[i] = spawn(function()
        local v = f:get()
        got[#got + 1] = v
    end)
end
this_fiber.yield()
print(#got)
p:set_value('value')
for i = 1, 2 do waiters[i]:join() end
print(#got, got[1], got[2], f:get(), f:get())
local p2, f2 = future.new()
local e = {}
p2:set_error(e)
local ok, e2 = pcall(function() return f2:get() end)
print(ok, e2 == e)
ok, e2 = pcall(function() return f2:get() end)
print(ok, e2 == e)
local p3, f3 = future.new()
p3:set_value(nil)
print(f3:get())

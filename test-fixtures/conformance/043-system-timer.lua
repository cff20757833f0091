--
local time = require 'time'
local t = time.system_timer.new()
local tp = time.system_clock.now() + 0.05
print(t:expires_at(tp))
t:wait()
print(time.system_clock.now() >= tp, t.expiry == tp)
t:expires_at(time.system_clock.now() + 60)
local f = spawn(function() return (pcall(function() t:wait() end)) end)
this_fiber.yield()
print(t:cancel(), f:join())

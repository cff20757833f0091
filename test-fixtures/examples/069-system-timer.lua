--
local time = require 'time'
local timer = time.system_timer
local t = timer.new()
t:expires_at(time.system_clock.now() + 0.1)
t:wait()
print('expired')

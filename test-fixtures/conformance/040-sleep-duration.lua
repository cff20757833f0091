--
local time = require 'time'
local clock = time.steady_clock
local t0 = clock.now()
time.sleep(0.1)
local dt = clock.now() - t0
print(dt >= 0.1, dt < 2)
print(type(dt))

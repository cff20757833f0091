-- An instant has a text: the date of the system clock, the seconds of the others.
local time = require 'time'
print(time.system_clock.epoch())
print(time.system_clock.epoch() - 0.000000001)
print(time.system_clock.epoch() + 1.7e9 + 0.25)
print(time.system_clock.epoch() + math.huge)
print(time.system_clock.epoch() - math.huge)
print(time.steady_clock.epoch() - 1.5)
print(time.high_resolution_clock.epoch() + 0.5)
print(time.steady_clock.epoch() - math.huge)

--
local clock = require('filesystem').clock
local timepoint = clock.now()
print(timepoint > clock.unix_epoch())
clock = require('time').steady_clock
timepoint = clock.now()
print(timepoint <= clock.now())
clock = require('time').system_clock
timepoint = clock.now()
print(timepoint.seconds_since_epoch > 1e9)
clock = require('time').high_resolution_clock
timepoint = clock.now()
print(clock.now() >= timepoint or not clock.is_steady)

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Parks as many fibers as asked for, says so and stays, for its memory to be read from outside.
local mutex = require('mutex').new()
local count = tonumber(require('system').environment.BENCHMARK_PARKED)

local function park() mutex:lock() end

mutex:lock()
for _ = 1, count do
    spawn(park):detach()
end
this_fiber.yield()
collectgarbage()
collectgarbage()
print('parked ' .. count)
require('time').sleep(1000)

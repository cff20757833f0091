-- SPDX-License-Identifier: MIT OR BSL-1.0
-- CPU of one switch among as many fibers as asked for.
local cpu = require('measure').cpu
local count = tonumber(require('system').environment.BENCHMARK_PARKED)
local passes = math.max(1, math.floor(400000 / count))

local function run(times)
    local fibers = {}
    for i = 1, count do
        fibers[i] = spawn(function()
            for _ = 1, times do
                this_fiber.yield()
            end
        end)
    end
    for i = 1, count do
        fibers[i]:join()
    end
end

-- What spawning and joining takes is left out.
local once = cpu(function() run(1) end)
local all = cpu(function() run(1 + passes) end)
print(string.format('switch %.1f ns', math.max(0, all - once) * 1e9 / (count * passes)))

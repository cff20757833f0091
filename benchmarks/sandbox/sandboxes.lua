-- SPDX-License-Identifier: MIT OR BSL-1.0
-- /bin/true in a sandbox from its start to its end, each alone and BENCHMARK_REST seconds after the last one.
local time = require 'time'
local clock = time.steady_clock
local sandbox = require 'sandbox'
local environment = require('system').environment

local least = tonumber(environment.BENCHMARK_SECONDS or '0.5')
local rest = tonumber(environment.BENCHMARK_REST or '0')
local guest = { program = '/bin/true', arguments = { 'true' } }

-- The median, because what disturbs a start makes it ten times as long.
local function measure(name, foundation)
    local box = sandbox.new{ read = sandbox.system_paths(), foundation = foundation }
    local times, begin = {}, clock.now()
    repeat
        if rest > 0 then time.sleep(rest) end
        local t = clock.now()
        box:spawn(guest):wait()
        times[#times + 1] = clock.now() - t
    until clock.now() - begin >= least
    table.sort(times)
    print(string.format('%s %.1f us', name, times[math.ceil(#times / 2)] * 1e6))
end

measure('program', 'namespaces')
measure('in_process', 'process')

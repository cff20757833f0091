-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Starts /bin/true one after the other, from a process with BENCHMARK_THREADS threads and BENCHMARK_HEAP MiB of heap.
local system = require 'system'
local clock = require('time').steady_clock
local child = require('./child')

local least, options = child.least, child.options
local threads = tonumber(system.environment.BENCHMARK_THREADS)
if threads > 1 then spawn_context_threads(threads - 1) end

local calls, ends, begin = {}, {}, clock.now()
repeat
    local before = clock.now()
    local one = system.spawn(options)
    calls[#calls + 1] = clock.now() - before
    one:wait()
    ends[#ends + 1] = clock.now() - before
    assert(one.exit_code == 0)
until clock.now() - begin >= least

-- Medians, because what disturbs a start makes it ten times as long.
local function median(all)
    table.sort(all)
    return all[math.ceil(#all / 2)] * 1e6
end
print(string.format('launch_call %.1f us\nlaunch_end %.1f us', median(calls), median(ends)))
child.check_heap()

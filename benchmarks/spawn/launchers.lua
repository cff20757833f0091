-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Starts /bin/true one after the other, from a process with BENCHMARK_THREADS threads and BENCHMARK_HEAP MiB of heap.
local ffi = require 'ffi'
local filesystem = require 'filesystem'
local system = require 'system'
local clock = require('time').steady_clock

local environment = system.environment
local least = tonumber(environment.BENCHMARK_SECONDS)
local size = tonumber(environment.BENCHMARK_HEAP) * 1024 * 1024
local heap = ffi.new('uint8_t[?]', size)
ffi.fill(heap, size, 1)
local threads = tonumber(environment.BENCHMARK_THREADS)
if threads > 1 then spawn_context_threads(threads - 1) end

local options = {
    program = filesystem.path.new('/bin/true'), arguments = { 'true' }, environment = environment,
    stdin = 'share', stdout = 'share', stderr = 'share'
}

local calls, ends, begin = {}, {}, clock.now()
repeat
    local before = clock.now()
    local child = system.spawn(options)
    calls[#calls + 1] = clock.now() - before
    child:wait()
    ends[#ends + 1] = clock.now() - before
    assert(child.exit_code == 0)
until clock.now() - begin >= least

-- Medians, because what disturbs a start makes it ten times as long.
local function median(all)
    table.sort(all)
    return all[math.ceil(#all / 2)] * 1e6
end
print(string.format('launch_call %.1f us\nlaunch_end %.1f us', median(calls), median(ends)))
assert(heap[size - 1] == 1)

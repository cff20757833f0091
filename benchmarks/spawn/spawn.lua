-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Spawns /bin/true and waits, one after the other and 8 in flight, with BENCHMARK_HEAP MiB of heap.
local ffi = require 'ffi'
local filesystem = require 'filesystem'
local system = require 'system'
local clock = require('time').steady_clock

local environment = system.environment
local least = tonumber(environment.BENCHMARK_SECONDS)
local size = tonumber(environment.BENCHMARK_HEAP) * 1024 * 1024
local heap = ffi.new('uint8_t[?]', size)
ffi.fill(heap, size, 1)

local options = {
    program = filesystem.path.new('/bin/true'), arguments = { 'true' }, environment = environment,
    stdin = 'share', stdout = 'share', stderr = 'share'
}

local function rate(name, in_flight)
    local n, begin, fibers = 0, clock.now(), {}
    for i = 1, in_flight do
        fibers[i] = spawn(function()
            repeat
                local child = system.spawn(options)
                child:wait()
                assert(child.exit_code == 0)
                n = n + 1
            until clock.now() - begin >= least
        end)
    end
    for _, fiber in ipairs(fibers) do fiber:join() end
    print(string.format('%s %.0f /s', name, n / (clock.now() - begin)))
end

rate('spawn_1', 1)
rate('spawn_8', 8)
assert(heap[size - 1] == 1)

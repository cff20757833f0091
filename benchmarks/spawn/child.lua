-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What is spawned, from a process with BENCHMARK_HEAP MiB of heap.
local ffi = require 'ffi'
local filesystem = require 'filesystem'
local system = require 'system'

local environment = system.environment
local size = tonumber(environment.BENCHMARK_HEAP) * 1024 * 1024
local heap = ffi.new('uint8_t[?]', size)
ffi.fill(heap, size, 1)

return {
    least = tonumber(environment.BENCHMARK_SECONDS),
    options = {
        program = filesystem.path.new('/bin/true'), arguments = { 'true' }, environment = environment,
        stdin = 'share', stdout = 'share', stderr = 'share'
    },
    -- At the end, so that nobody takes the heap away before.
    check_heap = function() assert(heap[size - 1] == 1) end
}

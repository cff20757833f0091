-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Goes through the tree BENCHMARK_TREE, which has BENCHMARK_ENTRIES entries, again and again.
local fs = require 'filesystem'
local system = require 'system'
local clock = require('time').steady_clock

local environment = system.environment
local tree, expected = fs.path.new(environment.BENCHMARK_TREE), tonumber(environment.BENCHMARK_ENTRIES)
local least = tonumber(environment.BENCHMARK_SECONDS)

local walks, begin = 0, clock.now()
local elapsed
repeat
    local entries = 0
    for _ in fs.recursive_directory_iterator(tree) do entries = entries + 1 end
    assert(entries == expected, entries)
    walks = walks + 1
    elapsed = clock.now() - begin
until elapsed >= least
print(string.format('walk %.2f ms', elapsed / walks * 1000))

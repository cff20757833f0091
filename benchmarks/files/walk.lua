-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Goes through the tree BENCHMARK_TREE, which has BENCHMARK_ENTRIES entries, again and again.
local fs = require 'filesystem'
local passes = require('passes').passes
local environment = require('system').environment

local tree, expected = fs.path.new(environment.BENCHMARK_TREE), tonumber(environment.BENCHMARK_ENTRIES)

passes('walk', function()
    local entries = 0
    for _ in fs.recursive_directory_iterator(tree) do entries = entries + 1 end
    assert(entries == expected, entries)
end)

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Spawns /bin/true and waits, one after the other and 8 in flight, with BENCHMARK_HEAP MiB of heap.
local system = require 'system'
local clock = require('time').steady_clock
local child = require('./child')

local least, options = child.least, child.options

local function rate(name, in_flight)
    local n, begin, fibers = 0, clock.now(), {}
    for i = 1, in_flight do
        fibers[i] = spawn(function()
            repeat
                local one = system.spawn(options)
                one:wait()
                assert(one.exit_code == 0)
                n = n + 1
            until clock.now() - begin >= least
        end)
    end
    for _, fiber in ipairs(fibers) do fiber:join() end
    print(string.format('%s %.0f /s', name, n / (clock.now() - begin)))
end

rate('spawn_1', 1)
rate('spawn_8', 8)
child.check_heap()

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- For Emilua; its name is a global. Time is that of the clock on the wall, for what several threads do.
local clock = require('time').steady_clock
local environment = require('system').environment
local least = tonumber(environment.BENCHMARK_SECONDS or '0.5')
-- What the names of those have in them that are measured.
local only = environment.BENCHMARK_ONLY or ''
-- For a count of instructions, "NAME N": that measure alone, with just so many operations.
local counted, operations = (environment.BENCHMARK_OPERATIONS or ''):match('^(%S+) (%d+)$')

-- Whether this run measures what is called so.
function wanted(name)
    if counted then
        return name == counted
    end
    return name:find(only, 1, true) ~= nil
end

-- Measures body(n), which performs n operations, as operations a second.
function rate(name, body)
    if not wanted(name) then
        return
    end
    if counted then
        body(tonumber(operations))
        print(string.format('%s %s operations', name, operations))
        return
    end
    local n = 64
    while true do
        local begin = clock.now()
        body(n)
        local elapsed = clock.now() - begin
        if elapsed >= least then
            print(string.format('%s %.0f /s', name, n / elapsed))
            return
        end
        n = n * 2
    end
end

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- For Emilua and for bare LuaJIT alike: its names are globals. Time is the CPU time of the process, so that
-- what else runs on the machine is not counted.
local ffi = require('ffi')

ffi.cdef [[
struct emilua_benchmark_time { long seconds, nanoseconds; };
int clock_gettime(int clock, struct emilua_benchmark_time* time);
char* getenv(const char* name);
]]

local process_cpu = 2 -- CLOCK_PROCESS_CPUTIME_ID
local time = ffi.new('struct emilua_benchmark_time')

local function now()
    ffi.C.clock_gettime(process_cpu, time)
    return tonumber(time.seconds) + tonumber(time.nanoseconds) / 1e9
end

local function variable(name)
    local value = ffi.C.getenv(name)
    return value ~= nil and ffi.string(value) or nil
end

local least = tonumber(variable('BENCHMARK_SECONDS')) or 0.5
-- For a count of instructions, "NAME N": that measure alone, with just so many operations.
local only, operations = (variable('BENCHMARK_OPERATIONS') or ''):match('^(%S+) (%d+)$')

-- Seconds that one of n operations takes, n doubled until all of them take long enough.
local function seconds_each(body)
    local n = 64
    while true do
        local begin = now()
        body(n)
        local elapsed = now() - begin
        if elapsed >= least then
            return elapsed / n
        end
        n = n * 2
    end
end

local function measured(name, body)
    if not only then
        return seconds_each(body)
    end
    if name == only then
        body(tonumber(operations))
        print(string.format('%s %s operations', name, operations))
    end
end

-- Measures body(n), which performs n operations, as operations a second.
function rate(name, body)
    local seconds = measured(name, body)
    if seconds then
        print(string.format('%s %.0f /s', name, 1 / seconds))
    end
end

-- Measures body(n), which performs n operations, as nanoseconds an operation.
function cost(name, body)
    local seconds = measured(name, body)
    if seconds then
        print(string.format('%s %.3f ns', name, seconds * 1e9))
    end
end

-- Seconds of CPU that body() takes, once.
function cpu(body)
    local begin = now()
    body()
    return now() - begin
end

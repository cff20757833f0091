-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The limit of byte_span: bare FFI byte arrays.
local ffi = require('ffi')

ffi.cdef [[
struct emilua_benchmark_time { long seconds, nanoseconds; };
int clock_gettime(int clock, struct emilua_benchmark_time* time);
]]

local least = tonumber(os.getenv('BENCHMARK_SECONDS')) or 0.5
local time = ffi.new('struct emilua_benchmark_time')
local monotonic = 1

local function now()
    ffi.C.clock_gettime(monotonic, time)
    return tonumber(time.seconds) + tonumber(time.nanoseconds) / 1e9
end

local function cost(name, body)
    local n = 64
    while true do
        local begin = now()
        body(n)
        local elapsed = now() - begin
        if elapsed >= least then
            print(string.format('%s %.3f ns', name, elapsed / n * 1e9))
            return
        end
        n = n * 2
    end
end

local bytes = ffi.typeof('uint8_t[?]')
local array = bytes(64)
local sink

cost('byte_span_index', function(n)
    local sum = 0
    for i = 1, n do
        sum = sum + array[bit.band(i, 63)]
    end
    sink = sum
end)

cost('byte_span_new_64', function(n)
    for _ = 1, n do
        sink = bytes(64)
    end
end)

assert(sink)

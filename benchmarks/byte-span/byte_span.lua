-- SPDX-License-Identifier: MIT OR BSL-1.0
local now = require('time').steady_clock.now
local environment = require('system').environment

local least = tonumber(environment.BENCHMARK_SECONDS) or 0.5

-- Calls body(n), which performs n operations, with n doubled until that takes long enough.
local function cost(name, body)
    local n = 64
    while true do
        local begin = now().seconds_since_epoch
        body(n)
        local elapsed = now().seconds_since_epoch - begin
        if elapsed >= least then
            print(string.format('%s %.3f ns', name, elapsed / n * 1e9))
            return
        end
        n = n * 2
    end
end

local span = byte_span.with_zeros(64)
local sink

cost('byte_span_index', function(n)
    local sum = 0
    for i = 1, n do
        sum = sum + span[bit.band(i, 63) + 1]
    end
    sink = sum
end)

cost('byte_span_sub', function(n)
    for _ = 1, n do
        sink = span:sub(9, 56)
    end
end)

cost('byte_span_new_64', function(n)
    for _ = 1, n do
        sink = byte_span.new(64)
    end
end)

local room = byte_span.new(0, 64)

cost('byte_span_append', function(n)
    for _ = 1, n do
        sink = room:append('0123456789abcdef')
    end
end)

assert(sink)

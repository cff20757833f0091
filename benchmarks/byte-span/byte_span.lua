-- SPDX-License-Identifier: MIT OR BSL-1.0
local cost = require('measure').cost

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

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The limit of byte_span: bare FFI byte arrays.
local ffi = require('ffi')

require('measure')

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

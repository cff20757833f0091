-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The limit of byte_span: bare FFI byte arrays, and structures that point into them. Whoever lets a program keep such
-- a structure has to keep alive what it points into, and only a weak table can say so to LuaJIT.
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

local view = ffi.typeof('struct { uint8_t *data; int32_t length, capacity; }')
local owners = setmetatable({}, { __mode = 'k' })

cost('byte_span_sub', function(n)
    for _ = 1, n do
        local part = view(array + 8, 48, 56)
        owners[part] = array
        sink = part
    end
end)

local text = '0123456789abcdef'

cost('byte_span_append', function(n)
    for _ = 1, n do
        local part = view(array, #text, 64)
        owners[part] = array
        ffi.copy(array, text, #text)
        sink = part
    end
end)

assert(sink)

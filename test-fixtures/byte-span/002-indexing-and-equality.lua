-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What can be indexed and assigned, and what a span is equal to.
local generic_error = require 'generic_error'

local span = byte_span.append('abc')
local function arg_of(f)
    local ok, e = pcall(f)
    return not ok and e:togeneric() == generic_error.EINVAL and e.arg
end
for _, key in ipairs{0, 4, -1, 1.5, 0 / 0, 1 / 0, 2 ^ 32 + 1, 'length', 'data', 'get_u8', 'set_u8', true, {}, 1LL} do
    local reading, writing = function() return span[key] end, function() span[key] = 1 end
    print(tostring(type(key) == 'table' and 'table' or key), arg_of(reading), arg_of(writing))
end
for _, value in ipairs{-1, 256, 1.5, 'a', true, 0 / 0} do
    print(tostring(value), arg_of(function() span[1] = value end))
end
print(arg_of(function() span[1] = nil end), arg_of(function() span.capacity = 9 end), arg_of(function() span.sub = 1 end))
span[1], span[3] = 0, 255
print(span[1], span[2], span[3], span.capacity, #span)

local same = byte_span.append(span)
print(span == same, rawequal(span, same), span ~= same, span == span:sub(1, 2), span:sub(1, 0) == byte_span.new(0))
print(span == nil, nil == span, span == tostring(span), span == 1, span == {}, span == true, span == print, span == 1LL)
print(byte_span.new(3, 9):fill(7) == byte_span.new(3):fill(7))
local keyed = {[span] = 'identity'}
print(keyed[span], keyed[same])
print(type(tostring(span)), #tostring(span), tostring(byte_span.append('a\0b')) == 'a\0b')
print((pcall(function() return span + 1 end)), (pcall(function() return span < same end)), (pcall(function() return span() end)),
    (pcall(function() return span .. 'x' end)))

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Aliasing, growth, and the argument that copy and append refuse.
local generic_error = require 'generic_error'

local span = byte_span.append('abc')
local function arg_of(f, ...)
    local ok, e = pcall(f, ...)
    return not ok and e:togeneric() == generic_error.EINVAL and e.arg
end
print(arg_of(span.copy, span), arg_of(span.copy, span, 1), arg_of(span.copy, span, {}))
print(arg_of(span.append, span, 1), arg_of(span.append, span, 'a', nil, {}), arg_of(byte_span.append, 1), arg_of(byte_span.append, 'a', true))
print(span)

-- The free function never shares memory, the method does when there is room.
local copy = byte_span.append(span)
copy[1] = 65
print(span, copy)
local view = span:append()
view[1] = 66
print(span, view, #span:append(nil, nil), span:append().capacity)

local room = byte_span.append('ab'):append(string.rep('x', 30)):sub(1, 2)
local appended = room:append(room)
print(appended, #appended, room.capacity == appended.capacity)
appended[1] = 65
print(room)

-- Growing is amortised: appending a byte at a time moves the bytes a few times, not every time.
local grown, moves = byte_span.new(0), 0
for i = 1, 10000 do
    local before = grown.capacity
    grown = grown:append(string.char(i % 256))
    if grown.capacity ~= before then moves = moves + 1 end
end
local right = #grown == 10000
for i = 1, 10000 do right = right and grown[i] == i % 256 end
print(right, moves < 40)

local many = {}
for i = 1, 100 do many[i] = string.char(64 + i % 26) end
print(#byte_span.append(unpack(many)), tostring(byte_span.append(unpack(many))) == table.concat(many))
print(tostring(byte_span.append('x'):append(unpack(many))) == 'x' .. table.concat(many))

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Every width at its limits, and beyond them.
local generic_error = require 'generic_error'

local function refuses(span, name, value)
    local ok, e = pcall(span[name], span, value)
    return not ok and e:togeneric() == generic_error.EINVAL and e.arg == 2
end

local wrong = 0
local function check(condition, ...)
    if not condition then
        wrong = wrong + 1
        print('wrong', ...)
    end
end

local names = {{'8', 8}}
for bits = 16, 48, 8 do
    names[#names + 1] = {bits .. 'be', bits}
    names[#names + 1] = {bits .. 'le', bits}
end
for _, name in ipairs(names) do
    local suffix, bits = name[1], name[2]
    -- Inside a larger span, so that a byte too many would be seen.
    local around = byte_span.new(bits / 8 + 2):fill(0xAA)
    local span = around:sub(2, bits / 8 + 1)
    local limits = {i = {-2 ^ (bits - 1), 2 ^ (bits - 1) - 1}}
    if bits > 8 then limits.u = {0, 2 ^ bits - 1} end
    for kind, limit in pairs(limits) do
        local low, high = limit[1], limit[2]
        local get, set = 'get_' .. kind .. suffix, 'set_' .. kind .. suffix
        for _, value in ipairs{low, low + 1, high - 1, high, 0, 1, 127, math.floor(high / 3), math.floor(high / 7 * 2)} do
            check(select('#', span[set](span, value)) == 0, set, 'returns something')
            check(span[get](span) == value, get, value, span[get](span))
            check(around[1] == 0xAA and around[#around] == 0xAA, set, 'writes around')
        end
        span[set](span, high)
        for _, value in ipairs{low - 1, high + 1, 0.5, 2 ^ 53, -2 ^ 53, 2 ^ 63, 1 / 0, -1 / 0, 0 / 0, '1', {}, true} do
            check(refuses(span, set, value), set, value)
            check(span[get](span) == high, set, 'changed the span')
        end
        check(refuses(span, set, nil), set, 'nil')
    end
end

-- One order is the mirror of the other.
for bits = 16, 48, 8 do
    local bytes = bits / 8
    local big, little = byte_span.new(bytes), byte_span.new(bytes)
    local value = 0
    for i = 1, bytes do value = value * 256 + i end
    big['set_u' .. bits .. 'be'](big, value)
    little['set_u' .. bits .. 'le'](little, value)
    for i = 1, bytes do check(big[i] == i and little[i] == bytes + 1 - i, bits, i) end
end

-- Compiled code answers as the interpreter does.
local six = byte_span.new(6)
for i = 0, 2000 do
    local value = i * 140737488355 % 2 ^ 48
    six:set_u48be(value)
    check(six:get_u48be() == value, 'u48be', value)
    six:set_i48le(-value / 2 - value / 2 % 1)
    check(six:get_i48le() == -value / 2 - value / 2 % 1, 'i48le', value)
end
print(wrong)

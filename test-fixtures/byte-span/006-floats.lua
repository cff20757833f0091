-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Floating point: limits, infinities, signed zero, and NaNs that must not become other values of Lua.
local generic_error = require 'generic_error'

local four, eight = byte_span.new(4), byte_span.new(8)
local wrong = 0
local function check(condition, ...)
    if not condition then
        wrong = wrong + 1
        print('wrong', ...)
    end
end

for _, order in ipairs{'be', 'le'} do
    local get32, set32 = four['get_f32' .. order], four['set_f32' .. order]
    local get64, set64 = eight['get_f64' .. order], eight['set_f64' .. order]
    for _, value in ipairs{0, 1, -1, 0.5, 2 ^ -149, 2 ^ -126, (2 - 2 ^ -23) * 2 ^ 127, 1 / 0, -1 / 0, 16777216} do
        set32(four, value)
        check(get32(four) == value, 'f32', value, get32(four))
    end
    for _, value in ipairs{0, math.pi, -1e300, 2 ^ -1074, 2 ^ -1022, (2 - 2 ^ -52) * 2 ^ 1023, 1 / 0, -1 / 0, 2 ^ 53 + 1} do
        set64(eight, value)
        check(get64(eight) == value, 'f64', value, get64(eight))
    end
    local negative_zero = -1 / (1 / 0)
    set32(four, negative_zero)
    set64(eight, negative_zero)
    check(1 / get32(four) == -1 / 0 and 1 / get64(eight) == -1 / 0, 'sign of zero')
    set64(eight, 0 / 0)
    set32(four, 0 / 0)
    check(get64(eight) ~= get64(eight) and get32(four) ~= get32(four), 'NaN')
    set32(four, 0.1)
    check(math.abs(get32(four) - 0.1) < 1e-8 and get32(four) ~= 0.1, 'f32 rounds')
    set32(four, 1e300)
    check(get32(four) == 1 / 0, 'f32 overflows to infinity')
    for _, bad in ipairs{'1', {}, true, 1LL} do
        local ok, e = pcall(set32, four, bad)
        check(not ok and e:togeneric() == generic_error.EINVAL and e.arg == 2, 'f32', bad)
        ok, e = pcall(set64, eight, bad)
        check(not ok and e:togeneric() == generic_error.EINVAL and e.arg == 2, 'f64', bad)
    end
end

-- The bit patterns of a double by which LuaJIT marks nil, booleans, strings, tables and the rest.
local values = {}
for round = 1, 100 do
    for top = 0xF0, 0xFF do
        for _, second in ipairs{0xF0, 0xF8, 0xF9, 0xFA, 0xFC, 0xFF} do
            for _, first in ipairs{0xFF, 0x7F} do
                eight:fill(top)
                eight[1], eight[2] = first, second
                local value = eight:get_f64be()
                check(type(value) == 'number', 'f64', first, second, top)
                values[#values + 1] = value
                four:fill(top)
                four[1], four[2] = first, second
                value = four:get_f32be()
                check(type(value) == 'number', 'f32', first, second, top)
                values[#values + 1] = value
            end
        end
    end
    collectgarbage('step')
end
for i = 1, #values do check(type(values[i]) == 'number', i) end
eight:copy('\127\240\0\0\0\0\0\1')
check(eight:get_f64be() ~= eight:get_f64be(), 'smallest NaN')
eight:copy('\127\240\0\0\0\0\0\0')
check(eight:get_f64be() == 1 / 0, 'infinity')
print(wrong)

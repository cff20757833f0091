-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Sizes and ranges that are refused, and the argument each error names.
local generic_error = require 'generic_error'

local function try(what, f, ...)
    local ok, e = pcall(f, ...)
    if ok then
        print(what, 'accepted', e)
    else
        print(what, e:togeneric() == generic_error.EINVAL and 'EINVAL' or e:togeneric() == generic_error.ENOMEM and 'ENOMEM' or e, e.arg)
    end
end

local new = byte_span.new
for _, bad in ipairs{-1, 1.5, 0 / 0, 'one', true, {}, 1e15, 1 / 0, -1 / 0, 2 ^ 31} do
    try('new', new, bad)
    try('new with capacity', new, 0, bad)
end
try('new without length', new)
try('new below length', new, 3, 2)
try('with_zeros', byte_span.with_zeros, -1)

local span = byte_span.new(3, 5)
for _, range in ipairs{{0}, {-1}, {1.5}, {'1'}, {1, 6}, {1, -1}, {1, 2.5}, {5}, {4, 2}, {2 ^ 32 + 1}, {1, 2 ^ 32 + 1}, {0 / 0}, {1, 0 / 0}} do
    try('sub', span.sub, span, range[1], range[2])
end
print(#span:sub(4), #span:sub(4, 3), #span:sub(6, 5), span:sub(6, 5).capacity, #span:sub(nil, 5))
for _, name in ipairs{'first', 'last'} do
    for _, bad in ipairs{-1, 4, 0.5, '1', {}, 0 / 0} do
        try(name, span[name], span, bad)
    end
    try(name .. ' without count', span[name], span)
end
print(span:first(2).capacity, span:last(2).capacity, span:sub(2, 3).capacity)
for _, bad in ipairs{-1, 256, 1.5, '1', {}} do
    try('fill', span.fill, span, bad)
end

-- Every method refuses a self that is no span.
local refused, methods = 0, 0
for _, name in ipairs{'sub', 'first', 'last', 'copy', 'append', 'fill', 'starts_with', 'ends_with', 'find', 'rfind',
    'find_first_of', 'find_last_of', 'find_first_not_of', 'find_last_not_of', 'trimmed', 'inplace_lower',
    'inplace_upper', 'get_i8', 'set_i8', 'get_u16be', 'set_u48le', 'get_f32le', 'set_f64be'} do
    for _, bad in ipairs{'a string', 1, true, {}, print, coroutine.create(print), 1LL} do
        methods = methods + 1
        local ok, e = pcall(span[name], bad, 'x')
        if not ok and e:togeneric() == generic_error.EINVAL and e.arg == 1 then refused = refused + 1 end
    end
    methods = methods + 1
    local ok, e = pcall(span[name])
    if not ok and e:togeneric() == generic_error.EINVAL and e.arg == 1 then refused = refused + 1 end
end
print(refused == methods)

-- What cannot be is said with its size and the limit, and what cannot be gone over with what to write instead.
print(select(2, pcall(new, 1e12)))
print(select(2, pcall(new, 3, 2 ^ 31)))
print(select(2, pcall(new, 1e30)))
print(select(2, pcall(new, 'abc')))
print(select(2, pcall(ipairs, span)))
print(select(2, pcall(pairs, span)))

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Bounds of the searches, empty targets, and the arguments they refuse.
local generic_error = require 'generic_error'

local span = byte_span.append('abcabc')
print(span:find(''), span:find('', 7), span:find('', 8), span:find('c', 100), span:find('abcabcd'))
print(span:rfind(''), span:rfind('', 3), span:rfind('abc', 3), span:rfind('abc', 100), span:rfind('bca', 1), span:rfind('abcabcd'))
print(span:find('abc', 2), span:find('a', 4), span:find('a', 5), span:rfind('a', 3), span:rfind('a', 4))
print(span:find_first_of(''), span:find_first_not_of(''), span:find_last_of(''), span:find_last_not_of(''))
print(span:find_first_of('c', 4), span:find_first_of('c', 7), span:find_last_of('a', 100), span:find_last_of('a', 3))
print(span:find_first_not_of('ab', 4), span:find_last_not_of('bc', 3), span:find_last_not_of('abc', 100))
local empty = byte_span.new(0)
print(empty:find(''), empty:find('a'), empty:rfind(''), empty:rfind('a'), empty:find_first_of('a'), empty:find_last_not_of('a'))
print(empty:starts_with(''), empty:ends_with(''), empty:starts_with('a'), #empty:trimmed(), span:starts_with(empty), span:find(empty))

local binary = byte_span.append('\0\255\0\254')
print(binary:find('\0', 2), binary:rfind('\0'), binary:find_first_of('\254\255'), binary:find_last_not_of('\254'), #binary:trimmed('\0\254'))
local inside = byte_span.append('xxabcxx'):sub(3, 5)
print(inside:find('x'), inside:rfind('x'), inside:find('cx'), inside:starts_with('abcx'), inside:ends_with('xabc'))

-- Beyond the length, but inside the capacity, nothing is found.
local short = byte_span.append('ababab'):first(3)
print(short:rfind('ab'), short:rfind('b'), short:find('ab', 2), short:find_last_of('b'))

local results = {}
for _, name in ipairs{'find', 'rfind', 'find_first_of', 'find_last_of', 'find_first_not_of', 'find_last_not_of'} do
    for _, arguments in ipairs{{n = 0}, {n = 1, 1}, {n = 1, {}}, {n = 2, 'a', 0}, {n = 2, 'a', -1}, {n = 2, 'a', 1.5}, {n = 2, 'a', '1'}, {n = 2, 'a', 0 / 0}} do
        local ok, e = pcall(span[name], span, unpack(arguments, 1, arguments.n))
        results[#results + 1] = not ok and e:togeneric() == generic_error.EINVAL and e.arg or 'accepted'
    end
end
print(table.concat(results))
for _, name in ipairs{'starts_with', 'ends_with', 'trimmed'} do
    local ok, e = pcall(span[name], span, 1)
    print(name, ok, e.arg)
end

-- A slice of what was trimmed shares its memory.
local padded = byte_span.append('  ab  ')
local trimmed = padded:trimmed()
trimmed[1] = 65
print(padded:find('Ab'), #trimmed, trimmed.capacity)

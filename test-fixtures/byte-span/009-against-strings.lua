-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Random operations on spans agree with the same operations on strings.
local state = 20240229
local function random(n)
    state = (state * 16807) % 2147483647
    return state % n + 1
end
local function word(alphabet, longest)
    local letters = {}
    for i = 1, random(longest + 1) - 1 do letters[i] = string.char(96 + random(alphabet)) end
    return table.concat(letters)
end
local function find(s, t, from) return (s:find(t, from, true)) end
local function rfind(s, t, to)
    for i = math.min(to, #s - #t + 1), 1, -1 do
        if s:sub(i, i + #t - 1) == t then return i end
    end
end
local function one_of(s, set, wanted, from, to, step)
    for i = from, to, step do
        if (set:find(s:sub(i, i), 1, true) ~= nil) == wanted then return i end
    end
end

local wrong = 0
local function same(what, got, expected, ...)
    if got ~= expected then
        wrong = wrong + 1
        if wrong < 10 then print(what, got, expected, ...) end
    end
end

for round = 1, 20000 do
    local s, t = word(3, 20), word(3, 4)
    local span = byte_span.append(s)
    local target = random(2) == 1 and t or byte_span.append(t)
    local at = random(22)
    same('find', span:find(target), find(s, t, 1), s, t)
    same('find from', span:find(target, at), at <= #s + 1 and find(s, t, at) or nil, s, t, at)
    same('rfind', span:rfind(target), rfind(s, t, #s + 1), s, t)
    same('rfind to', span:rfind(target, at), rfind(s, t, at), s, t, at)
    same('first of', span:find_first_of(target, at), one_of(s, t, true, at, #s, 1), s, t, at)
    same('first not of', span:find_first_not_of(target, at), one_of(s, t, false, at, #s, 1), s, t, at)
    same('last of', span:find_last_of(target, at), one_of(s, t, true, math.min(at, #s), 1, -1), s, t, at)
    same('last not of', span:find_last_not_of(target, at), one_of(s, t, false, math.min(at, #s), 1, -1), s, t, at)
    same('starts', span:starts_with(target), s:sub(1, #t) == t, s, t)
    same('ends', span:ends_with(target), #t == 0 or s:sub(-#t) == t and #t <= #s, s, t)
    same('upper', (function() span:inplace_upper() return tostring(span) end)(), s:upper(), s)
    span:inplace_lower()
    same('lower', tostring(span), s, s)
    local first = one_of(s, t, false, 1, #s, 1)
    same('trimmed', tostring(span:trimmed(target)), first and s:sub(first, one_of(s, t, false, #s, 1, -1)) or '', s, t)
    local from = random(#s + 1)
    local to = from - 1 + random(#s - from + 2) - 1
    same('sub', tostring(span:sub(from, to)), s:sub(from, to), s, from, to)
    same('append', tostring(span:sub(from, to):append(target, nil, 'z')), s:sub(from, to) .. t .. 'z', s, t)
end
print(wrong)

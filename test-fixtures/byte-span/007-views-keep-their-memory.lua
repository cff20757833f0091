-- SPDX-License-Identifier: MIT OR BSL-1.0
-- A view keeps the memory alive although nothing else mentions the span it came from.
collectgarbage('setpause', 100)
collectgarbage('setstepmul', 400)

local function rubbish()
    for i = 1, 200 do byte_span.new(64):fill(0xEE) end
end

local views = {}
for i = 1, 2000 do
    local span = byte_span.new(64):fill(i % 251)
    -- Chains of views, of which only the last is kept.
    local view = span:sub(9, 56):first(40):last(30):trimmed('\255')
    views[i] = i % 2 == 0 and view or view:sub(1, 8):append('\1\2')
    if i % 100 == 0 then
        rubbish()
        collectgarbage()
    end
end
for i = 1, 3 do
    rubbish()
    collectgarbage()
end
local right = true
for i = 1, 2000 do
    right = right and views[i][1] == i % 251 and views[i][8] == i % 251
    if i % 2 == 1 then right = right and views[i][9] == 1 and views[i][10] == 2 end
end
print(right)

-- And lets go of it afterwards: a chain that only moves forward holds one block, not all.
views = nil
collectgarbage()
collectgarbage()
local before = collectgarbage('count')
local span = byte_span.new(100000)
local rest = span
for i = 1, 200000 do
    rest = rest:sub(2)
    if #rest == 0 then
        span = byte_span.new(100000)
        rest = span
    end
end
span, rest = nil, nil
collectgarbage()
collectgarbage()
collectgarbage()
print(collectgarbage('count') - before < 5000)

-- Temporary spans survive the calls made on them, compiled or not.
local text = string.rep('needle in a haystack ', 50)
local wrong = 0
for i = 1, 3000 do
    local last = i % 7 == 0 and 'x' or 'y'
    local found = byte_span.append(text, last):sub(2):rfind('x')
    if found ~= (last == 'x' and #text or nil) then wrong = wrong + 1 end
    if tostring(byte_span.append(text):sub(11):first(10):append('!')) ~= 'a haystack!' then wrong = wrong + 1 end
    if byte_span.append('\0\0\0\0\0\7'):get_u48be() ~= 7 then wrong = wrong + 1 end
end
print(wrong)

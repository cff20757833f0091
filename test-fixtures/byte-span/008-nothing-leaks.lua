-- SPDX-License-Identifier: MIT OR BSL-1.0
-- A program learns no address and no name by which it could reach around the checks.
local span = byte_span.append('secret')
local seen = {}
local spy = setmetatable({}, {
    __index = function(_, key) seen[#seen + 1] = key end,
    __newindex = function(_, key) seen[#seen + 1] = key end,
    __len = function() return 6 end
})
for _, name in ipairs{'sub', 'first', 'last', 'copy', 'append', 'fill', 'starts_with', 'ends_with', 'find', 'rfind',
    'find_first_of', 'find_last_of', 'find_first_not_of', 'find_last_not_of', 'trimmed', 'inplace_lower',
    'inplace_upper', 'get_u16be', 'set_u16be', 'get_f64le', 'set_f64le'} do
    pcall(span[name], spy, 1, 1)
    pcall(span[name], span, spy, 1)
    pcall(span[name], span, 'x', spy)
end
pcall(byte_span.append, spy)
print(#seen, span == spy, type(getmetatable(span)))
for _, name in ipairs{'data', 'length', 'cookie', 'storage', '__index', '__metatable'} do
    print(name, (pcall(function() return span[name] end)), (pcall(function() span[name] = 1 end)))
end
print((pcall(setmetatable, span, {})), (pcall(pairs, span)), (pcall(ipairs, span)), (pcall(next, span)))
local names = {}
for name in pairs(byte_span) do names[#names + 1] = name end
table.sort(names)
print(table.concat(names, ' '))

-- Memory that was another span's is never handed out as it was.
local clean = true
for i = 1, 2000 do
    local fresh = byte_span.new(i % 300, i % 300 + 50)
    local whole = fresh:sub(1, fresh.capacity)
    clean = clean and not whole:find_first_not_of('\0')
    whole:fill(0xFF)
end
print(clean)

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What of `regex` gives parts of its argument: strings of a string, views of a byte_span.
--
-- chunk(native, regex) completes the module.

local native, regex = ...

local captures, groups, occurrences = regex.captures, regex.groups, regex.occurrences
local pairs, type, unpack = pairs, type, unpack

-- The numbers of named groups, by their regex, which have to be looked for in its pattern.
local names = setmetatable({}, { __mode = 'k' })

local function names_of (re)
  local known = names[re]
  if not known then
    known = re.group_names
    names[re] = known
  end
  return known
end

-- The part between two offsets.
local function part (str, first, last)
  if first >= 0 then return str:sub(first + 1, last) end
end

function regex.match (re, str)
  if type(str) == 'string' then return groups(re, str) end
  local spans = captures(re, str, true)
  if not spans then return nil end
  local n = #spans / 2
  if n == 1 then return str end
  local parts = {}
  for i = 1, n - 1 do parts[i] = part(str, spans[2 * i + 1], spans[2 * i + 2]) end
  return unpack(parts, 1, n - 1)
end

function regex.search (re, str)
  local spans = captures(re, str)
  if not spans then return { empty = true } end
  local found = { empty = false }
  for i = 0, #spans / 2 - 1 do
    local first, last = spans[2 * i + 1], spans[2 * i + 2]
    if first >= 0 then found[i] = { start = first + 1, end_ = last } end
  end
  for name, i in pairs(names_of(re)) do
    if name ~= 'empty' then found[name] = found[i] end
  end
  return found
end

-- An empty text has no parts.
function regex.split (re, str)
  local spans, parts, begin = occurrences(re, str), {}, 0
  if #str == 0 then return parts end
  for i = 1, #spans, 2 do
    parts[#parts + 1] = part(str, begin, spans[i])
    begin = spans[i + 1]
  end
  parts[#parts + 1] = part(str, begin, #str)
  return parts
end

function regex.patsplit (re, str)
  local spans, parts = occurrences(re, str), {}
  for i = 1, #spans, 2 do parts[#parts + 1] = part(str, spans[i], spans[i + 1]) end
  return parts
end

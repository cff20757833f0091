-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Constants as programs write them: numbers, or names with or without their prefix, in any case, of some
-- arguments several between commas.
--
-- one(prefix) and list(prefix) return functions that turn such an argument into a number; nil and '' are 0.

local S = ...
local bit = bit
local tobit, bor = bit.tobit, bit.bor

local function trim (s) return s:match('^%s*(.-)%s*$') end

-- The number that a name stands for behind any of the prefixes, or nil. A program may have given the table a metatable.
local function lookup (prefixes, name)
  local upper = name:upper()
  for _, prefix in ipairs(prefixes) do
    local whole = upper:sub(1, #prefix) == prefix and rawget(S, upper)
    if type(whole) == 'number' then return whole end
    local value = rawget(S, prefix .. upper)
    if type(value) == 'number' then return value end
  end
end

local function prefixes_of (...)
  return { ... }
end

local function refuse (word, item)
  error('invalid ' .. word .. ': ' .. item, 4)
end

-- The converter of what other types there are; `parse` turns strings into numbers, which are remembered.
local function converter (parse, wrap)
  local known = {}
  return function (x)
    local value = known[x == nil and '' or x]
    if value then return value end
    local kind = type(x)
    if kind == 'number' then return wrap and tobit(x) or x end
    if x == nil then x, kind = '', 'string' end
    if kind == 'cdata' then
      local n = tonumber(x)
      if n then return wrap and tobit(n) or n end
    end
    if kind ~= 'string' then error('a number or a name was expected, not a ' .. kind, 3) end
    value = parse(x)
    known[x] = value
    return value
  end
end

local flags = {}

-- One name. An unknown one is shown with its first prefix.
function flags.one (...)
  local prefixes = prefixes_of(...)
  return converter(function (text)
    local name = trim(text)
    if name == '' then return 0 end
    local value = lookup(prefixes, name)
    if not value then
      local upper = name:upper()
      refuse('flag', upper:sub(1, #prefixes[1]) == prefixes[1] and upper or prefixes[1] .. upper)
    end
    return value
  end)
end

local function list_of (word, prefixes)
  return converter(function (text)
    local sum = 0
    for item in (text .. ','):gmatch('([^,]*),') do
      local name = trim(item)
      if name ~= '' then
        local value = lookup(prefixes, name) or refuse(word, name)
        sum = bor(sum, tobit(value))
      end
    end
    return sum
  end, true)
end

-- Any number of names between commas, ORed: a signed number of 32 bits.
function flags.list (...)
  return list_of('flag', prefixes_of(...))
end

-- The same, and names may also be sums of numbers above 32 bits: a number without sign.
function flags.wide (...)
  local prefixes = prefixes_of(...)
  return converter(function (text)
    local sum, seen = 0, {}
    for item in (text .. ','):gmatch('([^,]*),') do
      local name = trim(item)
      if name ~= '' then
        local value = lookup(prefixes, name) or refuse('flag', name)
        if not seen[value] then sum, seen[value] = sum + value, true end
      end
    end
    return sum
  end)
end

flags.signal = flags.one('SIG')
flags.mode = flags.list('S_')
flags.open = flags.list('O_')
flags.clock = flags.one('CLOCK_')

-- A table { name = number } of what begins with a prefix, the name without it in lower case. `except` are
-- patterns of names that are something else.
function flags.names (prefix, except)
  local names = {}
  for name, value in pairs(S) do
    if type(value) == 'number' and name:sub(1, #prefix) == prefix then
      local rest = name:sub(#prefix + 1)
      if not (except and rest:find(except)) then names[rest:lower()] = value end
    end
  end
  return names
end

-- value_of(prefix): a table from keys to the constants they name, or false.
local function value_of (prefix)
  local prefixes = { prefix }
  return setmetatable({}, {
    __index = function (known, key)
      if type(key) ~= 'string' then return false end
      local value = lookup(prefixes, key) or false
      known[key] = value
      return value
    end
  })
end

-- bit_reader(prefix): a function (number, key) that tells whether the flag called `key` is set; nil for what is none.
function flags.bit_reader (prefix)
  local values = value_of(prefix)
  return function (number, key)
    local value = values[key]
    if value then return bit.band(number, value) ~= 0 end
  end
end

-- The same for a number that is one of several.
function flags.value_reader (prefix)
  local values = value_of(prefix)
  return function (number, key)
    local value = values[key]
    if value then return number == value end
  end
end

return flags

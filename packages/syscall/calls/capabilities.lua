-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Capabilities of processes, as sets that answer to names.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local C, nr = call.C, call.numbers
local t = types.t

ffi.cdef [[
int sys_capget(long, void *header, void *data) __asm__("syscall");
int sys_capset(long, void *header, const void *data) __asm__("syscall");
]]

local capability = flags.one('CAP_')
local numbers = flags.names('CAP_', '^last_cap$')

-- The capability that a key names, or nil.
local function number_of (key)
  if type(key) ~= 'string' then return nil end
  local name = key:lower():gsub('^cap_', '')
  return numbers[name]
end

local methods = {}

local function each (names, f)
  if type(names) == 'number' then return f(names) end
  arguments.text(names, 'names of capabilities', 4)
  for name in (names .. ','):gmatch('%s*([^,]-)%s*,') do
    if name ~= '' then f(capability(name)) end
  end
end

local set_metatable
set_metatable = {
  __index = function (set, key)
    if methods[key] then return methods[key] end
    local number = number_of(key)
    if number then return rawget(set, 'members')[number] == true end
  end,
  __newindex = function (set, key, value)
    local number = number_of(key) or error('invalid flag: CAP_' .. tostring(key):upper(), 2)
    set.members[number] = value and true or nil
  end,
  __tostring = function (set)
    local list = {}
    for name, number in pairs(numbers) do
      if set.members[number] then list[#list + 1] = name end
    end
    table.sort(list)
    return table.concat(list, ',')
  end
}

local function new_set (low, high)
  local members = {}
  for bits_of = 0, 1 do
    local word = bits_of == 0 and low or high
    for i = 0, 31 do
      if bit.band(word, bit.lshift(1, i)) ~= 0 then members[bits_of * 32 + i] = true end
    end
  end
  return setmetatable({ members = members }, set_metatable)
end

-- add and del take a list of names or a number, and return the set.
function methods.add (set, names)
  each(names, function (number) set.members[number] = true end)
  return set
end

function methods.del (set, names)
  each(names, function (number) set.members[number] = nil end)
  return set
end

local function words (set)
  if type(set) == 'string' then set = new_set(0, 0):add(set) end
  if set ~= nil and getmetatable(set) ~= set_metatable then
    error('a set of capabilities was expected, not a ' .. type(set), 3)
  end
  local low, high = 0, 0
  for number in pairs(set and set.members or {}) do
    if number < 32 then low = bit.bor(low, bit.lshift(1, number)) else high = bit.bor(high, bit.lshift(1, number - 32)) end
  end
  return low % 2^32, high % 2^32
end

local kinds = { 'effective', 'permitted', 'inheritable' }
local two_data = ffi.typeof('$[2]', t.cap_data)

local function header_of (pid) return t.cap_header(S._LINUX_CAPABILITY_VERSION_3, pid or 0) end

-- A table of the sets `effective`, `permitted`, `inheritable`.
function S.capget (pid)
  local data = two_data()
  local ok, err = call.bool(C.sys_capget(nr.capget, header_of(pid), data))
  if not ok then return nil, err end
  local sets = {}
  for _, kind in ipairs(kinds) do sets[kind] = new_set(data[0][kind], data[1][kind]) end
  return sets
end

-- Sets as capget gives them, or lists of names; one that is missing is empty.
function S.capset (sets, pid)
  arguments.table(sets, 'a table of sets')
  local data = two_data()
  for _, kind in ipairs(kinds) do data[0][kind], data[1][kind] = words(sets[kind]) end
  return call.bool(C.sys_capset(nr.capset, header_of(pid), data))
end

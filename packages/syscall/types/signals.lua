-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Sets of signals, and what came with one.

local S, import = ...
local ffi = require 'ffi'
local types = import 'core/types'
local bor, band, bnot, lshift = bit.bor, bit.band, bit.bnot, bit.lshift
local floor = math.floor

local function number_of (name)
  local upper = name:upper()
  local number = upper:sub(1, 3) == 'SIG' and rawget(S, upper) or rawget(S, 'SIG' .. upper)
  if type(number) == 'number' and number >= 1 and number <= 64 then return number end
end

local function each (signals, f)
  if type(signals) == 'number' then
    -- Asked like this because of NaN.
    if not (signals >= 1 and signals <= 64) then error('invalid signal: ' .. signals, 3) end
    return f(signals)
  end
  if type(signals) ~= 'string' then error('invalid signal: a ' .. type(signals), 3) end
  for item in (signals .. ','):gmatch('([^,]*),') do
    local name = item:match('^%s*(.-)%s*$')
    if name ~= '' then f(number_of(name) or error('invalid signal: ' .. name, 3)) end
  end
end

local function place (signal) return floor((signal - 1) / 32), lshift(1, (signal - 1) % 32) end

local methods = {}
function methods.add (set, signals)
  each(signals, function (signal)
    local word, mask = place(signal)
    set.val[word] = bor(set.val[word], mask)
  end)
  return set
end

function methods.del (set, signals)
  each(signals, function (signal)
    local word, mask = place(signal)
    set.val[word] = band(set.val[word], bnot(mask))
  end)
  return set
end

local function sigset ()
  return {
    __new = function (ctype, signals)
      local set = ffi.new(ctype)
      if signals == nil then return set end
      if ffi.istype(ctype, signals) then
        ffi.copy(set, signals, ffi.sizeof(ctype))
        return set
      end
      return methods.add(set, signals)
    end,
    __index = function (set, key)
      if methods[key] then return methods[key] end
      if key == 'isemptyset' then
        for i = 0, 31 do
          if set.val[i] ~= 0 then return false end
        end
        return true
      end
      local signal = type(key) == 'number' and key >= 1 and key <= 64 and key or type(key) == 'string' and number_of(key)
      if not signal then return nil end
      local word, mask = place(signal)
      return band(set.val[word], mask) ~= 0
    end
  }
end

-- By the name of a member, the way to it through the unions.
local ways = {}
for name, path in pairs(types.definitions.siginfo.inside) do
  ways[name] = {}
  for part in path:gmatch('[^.]+') do table.insert(ways[name], part) end
end

local function siginfo ()
  return {
    __index = function (info, key)
      local way = ways[key]
      if not way then return nil end
      local value = info
      for i = 1, #way do value = value[way[i]] end
      return key == 'si_value' and types.part(value, info) or value
    end,
    __newindex = function (info, key, value)
      local way = ways[key]
      if not way then return end
      local inside = info
      for i = 1, #way - 1 do inside = inside[way[i]] end
      inside[way[#way]] = value
    end
  }
end

return { sigset = sigset, siginfo = siginfo }

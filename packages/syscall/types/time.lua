-- SPDX-License-Identifier: MIT OR BSL-1.0
-- timespec, timeval and the two structures of interval timers: made from numbers and tables, read as seconds.

local _, import = ...
local ffi = require 'ffi'
local types = import 'core/types'
local members = import 'core/members'
local floor, istype = math.floor, ffi.istype

-- `fraction` is the member for what is below a second, `unit` how many of it a second has.
local function instant (fraction, short, unit)
  local getters, setters = {}, {}
  function getters.sec (t) return tonumber(t.tv_sec) end
  getters[short] = function (t) return tonumber(t[fraction]) end
  function getters.time (t) return tonumber(t.tv_sec) + tonumber(t[fraction]) / unit end
  function setters.sec (t, value) t.tv_sec = value end
  setters[short] = function (t, value) t[fraction] = value end
  local function set_time (t, value)
    local seconds = floor(value)
    t.tv_sec, t[fraction] = seconds, floor((value - seconds) * unit)
  end
  setters.time = set_time
  return function ()
    return {
      __new = function (ctype, value)
        local t = ffi.new(ctype)
        if value == nil then return t end
        if type(value) == 'number' then
          set_time(t, value)
        elseif type(value) == 'table' then
          t.tv_sec = value.tv_sec or value.sec or value[1] or 0
          t[fraction] = value[fraction] or value[short] or value[2] or 0
        elseif istype(ctype, value) then
          t.tv_sec, t[fraction] = value.tv_sec, value[fraction]
        elseif type(value) == 'cdata' and tonumber(value) then
          t.tv_sec = value
        else
          error('a number of seconds, a table or a time was expected, not a ' .. type(value), 2)
        end
        return t
      end,
      __index = members.get(getters),
      __newindex = members.set(setters)
    }
  end
end

local timer_members = { interval = true, it_interval = true, value = true, it_value = true }

local function timer (member)
  local getters = {}
  function getters.interval (t) return types.part(t.it_interval, t) end
  function getters.value (t) return types.part(t.it_value, t) end
  local setters = {}
  function setters.interval (t, value) t.it_interval = types.t[member](value) end
  function setters.value (t, value) t.it_value = types.t[member](value) end
  return function ()
    return {
      __new = function (ctype, given, value)
        local t = ffi.new(ctype)
        if given == nil then return t end
        if istype(ctype, given) then
          ffi.copy(t, given, ffi.sizeof(ctype))
          return t
        end
        local make = types.t[member]
        if type(given) ~= 'table' then
          if type(given) ~= 'number' then error('a table of interval and value was expected', 2) end
          given = { given, value }
        end
        for key in pairs(given) do
          if key ~= 1 and key ~= 2 and not timer_members[key] then error('a timer has no member ' .. tostring(key), 2) end
        end
        t.it_interval = make(given.interval or given.it_interval or given[1])
        t.it_value = make(given.value or given.it_value or given[2])
        return t
      end,
      __index = members.get(getters),
      __newindex = members.set(setters)
    }
  end
end

return {
  timespec = instant('tv_nsec', 'nsec', 1e9),
  timeval = instant('tv_usec', 'usec', 1e6),
  itimerspec = timer 'timespec',
  itimerval = timer 'timeval'
}

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What poll is asked, and what it answered.

local _, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local types = import 'core/types'
local flags = import 'core/flags'
local descriptors = import 'core/descriptors'

local event_flags = flags.list('POLL')
local read_event = flags.bit_reader('POLL')

local function pollfd ()
  return {
    __index = function (p, key)
      if key == 'fileno' then return p.fd end
      return read_event(p.revents, key)
    end
  }
end

local not_open = 0x7fffffff

local function set (p, i, item)
  local entry = p.pfd[i - 1]
  if ffi.istype(types.t.pollfd, item) then
    entry.fd, entry.events, entry.revents = item.fd, item.events, item.revents
    return
  end
  if type(item) ~= 'table' or item.fd == nil then error('a member is {fd = , events = }', 3) end
  local fd = descriptors.fileno(item.fd)
  -- The kernel passes over numbers below 0; of an object that was closed it shall say POLLNVAL.
  entry.fd = fd == -1 and item.fd ~= -1 and not_open or fd
  entry.events = event_flags(item.events)
  entry.revents = item.revents and event_flags(item.revents) or 0
end

local function pollfds ()
  return {
    __new = function (ctype, items)
      local count = type(items) == 'number' and arguments.count(items, 8) or
        #arguments.table(items, 'a count or a list of {fd = , events = }')
      local p = ffi.new(ctype, count)
      p.count = count
      if type(items) ~= 'number' then
        for i = 1, count do set(p, i, items[i]) end
      end
      return p
    end,
    __len = function (p) return p.count end,
    __index = function (p, i)
      if type(i) == 'number' and i >= 1 and i <= p.count then return types.part(p.pfd[i - 1], p) end
    end,
    __newindex = function (p, i, item)
      if type(i) ~= 'number' or not (i >= 1 and i <= p.count) then error('there is no member ' .. tostring(i), 2) end
      set(p, i, item)
    end
  }
end

return { pollfd = pollfd, pollfds = pollfds }

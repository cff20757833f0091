-- SPDX-License-Identifier: MIT OR BSL-1.0
-- epoll.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local descriptors = import 'core/descriptors'
local C, nr = call.C, call.numbers
local fileno = descriptors.fileno
local t = types.t
local signals = import 'calls/signals'
local to_set, set_size = signals.to_set, signals.set_size

ffi.cdef [[
int sys_epoll_create1(long, int flags) __asm__("syscall");
int sys_epoll_ctl(long, int ep, int op, int fd, void *event) __asm__("syscall");
int sys_epoll_pwait(long, int ep, void *events, int max, int timeout, const void *mask, size_t size) __asm__("syscall");
int sys_epoll_pwait2(long, int ep, void *events, int max, const void *timeout, const void *mask, size_t size)
  __asm__("syscall");
]]

local create_flags, operations, event_flags = flags.list('EPOLL_'), flags.one('EPOLL_CTL_'), flags.list('EPOLL')
local event_type = t.epoll_event

function S.epoll_create (how) return descriptors.new(C.sys_epoll_create1(nr.epoll_create1, create_flags(how))) end

function S.epoll_ctl (ep, operation, fd, events, data)
  local n = fileno(fd)
  local event = events
  if not ffi.istype(event_type, events) then
    event = event_type()
    event.events = event_flags(events)
    if data ~= nil then event.data.u64 = data else event.data.fd = n end
  end
  return call.bool(C.sys_epoll_ctl(nr.epoll_ctl, fileno(ep), operations(operation), n, event))
end

local is_set = flags.bit_reader('EPOLL')

-- The data is nearly always the number of the descriptor, and made of it when asked for.
local event_metatable = {
  __index = function (event, key)
    if key == 'data' then return ffi.cast('uint64_t', rawget(event, 'fileno') % 2^32) end
    return is_set(rawget(event, 'events'), key)
  end
}

local default_room = 16

local function list_of (buffer, count)
  local list = {}
  for i = 1, count do
    local raw = buffer[i - 1]
    local event = setmetatable({ fileno = raw.data.fd, events = raw.events }, event_metatable)
    if raw.data.halves[1] ~= 0 then event.data = raw.data.u64 end
    list[i] = event
  end
  return list
end

local event_size = ffi.sizeof(event_type)

function S.epoll_wait (ep, buffer, most, timeout, mask)
  most = arguments.number(most or default_room, 'a count')
  if buffer then types.check_room(buffer, most * event_size) else buffer = t.epoll_events(math.max(most, 0)) end
  local count, err = call.number(C.sys_epoll_pwait(nr.epoll_pwait, fileno(ep), buffer, most, timeout or -1, to_set(mask),
    set_size))
  if not count then return nil, err end
  return list_of(buffer, count)
end

-- The timeout is seconds or a timespec.
function S.epoll_pwait2 (ep, buffer, most, timeout, mask)
  most = arguments.number(most or default_room, 'a count')
  if buffer then types.check_room(buffer, most * event_size) else buffer = t.epoll_events(math.max(most, 0)) end
  local time = timeout ~= nil and t.timespec(timeout) or nil
  local count, err = call.number(C.sys_epoll_pwait2(nr.epoll_pwait2, fileno(ep), buffer, most, time, to_set(mask), set_size))
  if not count then return nil, err end
  return list_of(buffer, count)
end

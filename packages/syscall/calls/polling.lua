-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Waiting for one of several descriptors, with poll and select.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local types = import 'core/types'
local call = import 'core/call'
local descriptors = import 'core/descriptors'
local C, nr = call.C, call.numbers
local t = types.t

ffi.cdef [[
int sys_ppoll(long, void *fds, unsigned long count, const void *timeout, const void *mask, size_t size) __asm__("syscall");
int sys_pselect6(long, int count, void *read, void *write, void *except, void *timeout, const void *mask) __asm__("syscall");
]]

local signals = import 'calls/signals'
local to_set, set_size = signals.to_set, signals.set_size

local function wait (fds, timeout, mask)
  if not ffi.istype(t.pollfds, fds) then fds = t.pollfds(fds) end
  return call.object(C.sys_ppoll(nr.ppoll, fds.pfd, fds.count, timeout, mask, set_size), fds)
end

-- Milliseconds; below 0 or none is for ever.
function S.poll (fds, timeout)
  if timeout == nil or arguments.number(timeout, 'a number of milliseconds') < 0 then return wait(fds, nil, nil) end
  return wait(fds, t.timespec(timeout / 1000), nil)
end

-- The timeout is seconds or a timespec; `mask` are the signals that are blocked meanwhile.
function S.ppoll (fds, timeout, mask)
  return wait(fds, timeout ~= nil and t.timespec(timeout) or nil, to_set(mask))
end

local most = 1024

local function set_of (list)
  if not list then return nil, 0 end
  local set, highest = t.fdset(), 0
  for _, fd in ipairs(list) do
    local n = descriptors.fileno(fd)
    if not (n < most) then error('select takes descriptors below 1024', 4) end
    -- A closed one is said to be: the kernel has no number for it.
    if n < 0 then return nil, 0, true end
    local word = math.floor(n / 32)
    set.fds_bits[word] = bit.bor(set.fds_bits[word], bit.lshift(1, n % 32))
    highest = math.max(highest, n + 1)
  end
  return set, highest
end

local function ready (list, set)
  local result = {}
  for _, fd in ipairs(list or {}) do
    local n = descriptors.fileno(fd)
    if bit.band(set.fds_bits[math.floor(n / 32)], bit.lshift(1, n % 32)) ~= 0 then result[#result + 1] = fd end
  end
  return result
end

local function check_table (wanted)
  if type(wanted) ~= 'table' then error('a table of readfds, writefds, exceptfds and timeout was expected', 3) end
end

local mask_type = ffi.typeof 'struct { const void *set; size_t size; }'

local function select_with (wanted, timeout, mask)
  local read, write, except = wanted.readfds, wanted.writefds, wanted.exceptfds
  local read_set, a, bad_read = set_of(read)
  local write_set, b, bad_write = set_of(write)
  local except_set, c, bad_except = set_of(except)
  if bad_read or bad_write or bad_except then return call.fail(S.E.EBADF) end
  local set = to_set(mask)
  local with_mask = set and mask_type(set, set_size) or nil
  local count, err = call.number(C.sys_pselect6(nr.pselect6, math.max(a, b, c), read_set, write_set, except_set, timeout,
    with_mask))
  if not count then return nil, err end
  return {
    count = count, readfds = ready(read, read_set), writefds = ready(write, write_set),
    exceptfds = ready(except, except_set)
  }
end

function S.select (wanted)
  check_table(wanted)
  local timeout = wanted.timeout
  if timeout ~= nil then
    local given = t.timeval(timeout)
    timeout = t.timespec()
    timeout.tv_sec, timeout.tv_nsec = given.tv_sec, given.tv_usec * 1000
  end
  return select_with(wanted, timeout, nil)
end

-- select with a timeout of seconds or a timespec and, as `sigmask`, the signals that are blocked meanwhile.
function S.pselect (wanted)
  check_table(wanted)
  local timeout = wanted.timeout
  return select_with(wanted, timeout ~= nil and t.timespec(timeout) or nil, wanted.sigmask)
end

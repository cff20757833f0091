-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Clocks, sleeping, interval timers.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local C, nr = call.C, call.numbers
local bool, object = call.bool, call.object
local t = types.t

-- The C library reads clocks without entering the kernel.
ffi.cdef [[
int syscall_clock_gettime(int clock, void *time) __asm__("clock_gettime");
int sys_clock(long, int clock, void *time) __asm__("syscall");
int sys_clock_nanosleep(long, int clock, int flags, const void *request, void *remaining) __asm__("syscall");
int sys_timeofday(long, const void *tv, const void *tz) __asm__("syscall");
int sys_itimer(long, int which, const void *new, void *old) __asm__("syscall");
int sys_adjtimex(long, void *timex) __asm__("syscall");
]]

local clock = flags.clock
local into_timespec, into_timeval, into_itimerval = types.into 'timespec', types.into 'timeval', types.into 'itimerval'

function S.clock_gettime (which, buffer)
  buffer = into_timespec(buffer)
  return object(C.syscall_clock_gettime(clock(which), buffer), buffer)
end

function S.clock_getres (which, buffer)
  buffer = into_timespec(buffer)
  return object(C.sys_clock(nr.clock_getres, clock(which), buffer), buffer)
end

function S.clock_settime (which, time)
  return bool(C.sys_clock(nr.clock_settime, clock(which), t.timespec(time)))
end

function S.time () return tonumber(S.clock_gettime(S.CLOCK_REALTIME).tv_sec) end

function S.gettimeofday (buffer)
  buffer = into_timeval(buffer)
  local now, err = S.clock_gettime(S.CLOCK_REALTIME)
  if not now then return nil, err end
  buffer.tv_sec, buffer.tv_usec = now.tv_sec, now.tv_nsec / 1000
  return buffer
end

function S.settimeofday (time)
  return bool(C.sys_timeofday(nr.settimeofday, t.timeval(time), nil))
end

-- What is left: nothing, or nil and EINTR.
function S.nanosleep (time)
  local request, remaining = t.timespec(time), t.timespec()
  return object(C.sys_clock_nanosleep(nr.clock_nanosleep, S.CLOCK_MONOTONIC, 0, request, remaining), remaining)
end

-- With "abstime" until that time of the clock. After an interruption, what was left comes third.
local sleep_flags = flags.list('TIMER_')
function S.clock_nanosleep (which, how, time)
  local request, remaining = t.timespec(time), t.timespec()
  local result = C.sys_clock_nanosleep(nr.clock_nanosleep, clock(which), sleep_flags(how), request, remaining)
  local ok, err = object(result, remaining)
  if not ok then return nil, err, remaining end
  return ok
end

function S.sleep (seconds)
  local request, remaining = t.timespec(seconds), t.timespec()
  local ok, err = bool(C.sys_clock_nanosleep(nr.clock_nanosleep, S.CLOCK_MONOTONIC, 0, request, remaining))
  if ok then return 0 end
  if not err.EINTR then return nil, err end
  return remaining.sec + (remaining.nsec >= 5e8 and 1 or 0)
end

local interval_timer = flags.one('ITIMER_')

function S.getitimer (which, buffer)
  buffer = into_itimerval(buffer)
  return object(C.sys_itimer(nr.getitimer, interval_timer(which), buffer, nil), buffer)
end

function S.setitimer (which, timer)
  local new, old = t.itimerval(timer), t.itimerval()
  return object(C.sys_itimer(nr.setitimer, interval_timer(which), new, old), old)
end

function S.alarm (seconds)
  local old, err = S.setitimer(S.ITIMER_REAL, { 0, seconds })
  if not old then return nil, err end
  local left, below = tonumber(old.it_value.tv_sec), tonumber(old.it_value.tv_usec)
  if below >= 500000 or (left == 0 and below > 0) then left = left + 1 end
  return left
end

local modes, status = flags.list('ADJ_'), flags.list('STA_')
local is_state = flags.value_reader('TIME_')
local adjtimex_metatable = {
  __index = function (result, key) return is_state(rawget(result, 'state'), key) end
}

function S.adjtimex (given)
  local timex = given
  if not ffi.istype(t.timex, given) then
    timex = t.timex()
    for name, value in pairs(arguments.optional_table(given)) do
      if name == 'modes' then value = modes(value) elseif name == 'status' then value = status(value) end
      timex[name] = value
    end
  end
  local state, err = call.number(C.sys_adjtimex(nr.adjtimex, timex))
  if not state then return nil, err end
  return setmetatable({ state = state, timex = timex }, adjtimex_metatable)
end

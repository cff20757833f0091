-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Timers of a process, queued signals, and waiting for signals without a handler.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local C, nr = call.C, call.numbers
local bool, object, number = call.bool, call.object, call.number
local signals = import 'calls/signals'
local t = types.t

ffi.cdef [[
int sys_timer_create(long, int clock, const void *event, int *id) __asm__("syscall");
int sys_timer_settime(long, int id, int flags, const void *new, void *old) __asm__("syscall");
int sys_timer_gettime(long, int id, void *current) __asm__("syscall");
int sys_timer_one(long, int id) __asm__("syscall");
int sys_rt_sigqueueinfo(long, int pid, int signal, const void *siginfo) __asm__("syscall");
int sys_rt_sigtimedwait(long, const void *set, void *siginfo, const void *timeout, size_t size) __asm__("syscall");
]]

local clock, signal, set_flags = flags.clock, flags.signal, flags.list('TIMER_')
local notifications = flags.one('SIGEV_')

-- What a timer does when it expires: nothing given is SIGALRM; a sigevent, or a table of signo, notify, value, tid.
local function event_of (event)
  if event == nil or ffi.istype(t.sigevent, event) then return event end
  arguments.table(event, 'a sigevent or a table', 4)
  local made = t.sigevent()
  made.sigev_notify = notifications(event.notify or 'signal')
  made.sigev_signo = signal(event.signo or 'alrm')
  made.sigev_tid = event.tid or 0
  if type(event.value) == 'cdata' then
    made.sigev_value.sival_ptr = event.value
  else
    made.sigev_value.sival_int = event.value or 0
  end
  return made
end

local methods = {}

local timer_metatable = { __index = methods }

-- The number of a timer object, or a number.
local function id_of (timer)
  if type(timer) == 'table' then return timer.id end
  return timer
end

-- A timer: an object with its number as `id`, and methods.
function S.timer_create (which, event)
  local id = ffi.new('int[1]')
  local ok, err = bool(C.sys_timer_create(nr.timer_create, clock(which), event_of(event), id))
  if not ok then return nil, err end
  return setmetatable({ id = id[0] }, timer_metatable)
end

function S.timer_settime (timer, how, value)
  local new, old = t.itimerspec(value), t.itimerspec()
  return object(C.sys_timer_settime(nr.timer_settime, id_of(timer), set_flags(how), new, old), old)
end

function S.timer_gettime (timer)
  local current = t.itimerspec()
  return object(C.sys_timer_gettime(nr.timer_gettime, id_of(timer), current), current)
end

function S.timer_delete (timer) return bool(C.sys_timer_one(nr.timer_delete, id_of(timer))) end
function S.timer_getoverrun (timer) return number(C.sys_timer_one(nr.timer_getoverrun, id_of(timer))) end

function methods.settime (timer, how, value) return S.timer_settime(timer, how, value) end
function methods.gettime (timer) return S.timer_gettime(timer) end
function methods.delete (timer) return S.timer_delete(timer) end
function methods.getoverrun (timer) return S.timer_getoverrun(timer) end

-- A signal with a value, an int or a pointer.
function S.sigqueue (pid, name, value)
  local info = t.siginfo()
  info.si_signo, info.si_code = signal(name), S.SI_QUEUE
  info.si_pid, info.si_uid = S.getpid(), S.getuid()
  if type(value) == 'cdata' then info.si_ptr = value else info.si_int = value or 0 end
  return bool(C.sys_rt_sigqueueinfo(nr.rt_sigqueueinfo, pid, info.si_signo, info))
end

local into_siginfo = types.into 'siginfo'

-- The siginfo of a blocked signal of the set that has come, or comes; EAGAIN when the time is over.
function S.sigtimedwait (set, timeout, info)
  info = into_siginfo(info)
  local time = timeout ~= nil and t.timespec(timeout) or nil
  local got, err = number(C.sys_rt_sigtimedwait(nr.rt_sigtimedwait, signals.to_set(set), info, time, signals.set_size))
  if not got then return nil, err end
  return info
end

function S.sigwaitinfo (set, info) return S.sigtimedwait(set, nil, info) end

return { event_of = event_of }

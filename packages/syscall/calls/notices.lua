-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Counters, timers and signals as descriptors.

local S, import = ...
local ffi = require 'ffi'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local descriptors = import 'core/descriptors'
local records = import 'core/records'
local C, nr = call.C, call.numbers
local fileno, new_fd = descriptors.fileno, descriptors.new
local t, pt = types.t, types.pt
local signals = import 'calls/signals'

ffi.cdef [[
int sys_eventfd2(long, unsigned int value, int flags) __asm__("syscall");
int sys_timerfd_create(long, int clock, int flags) __asm__("syscall");
int sys_timerfd_settime(long, int fd, int flags, const void *new, void *old) __asm__("syscall");
int sys_timerfd_gettime(long, int fd, void *current) __asm__("syscall");
int sys_signalfd4(long, int fd, const void *mask, size_t size, int flags) __asm__("syscall");
int sys_read(long, int fd, void *buffer, size_t count) __asm__("syscall");
int sys_write(long, int fd, const void *buffer, size_t count) __asm__("syscall");
]]

local event_flags, timer_flags, signal_flags = flags.list('EFD_'), flags.list('TFD_'), flags.list('SFD_')

function S.eventfd (value, how) return new_fd(C.sys_eventfd2(nr.eventfd2, value or 0, event_flags(how))) end

local uint64_pointer = ffi.typeof('uint64_t *')

-- The counter, or 0 where others would block.
local function read_counter (fd, into)
  local value = into
  if value == nil then
    value = t.uint64_1()
  elseif not (ffi.istype(t.uint64_1, value) or ffi.istype(uint64_pointer, value)) then
    error('a uint64_1 was expected', 3)
  end
  local n, err = call.number(C.sys_read(nr.read, fileno(fd), value, 8))
  if n then return tonumber(value[0]) end
  if err.EAGAIN then
    value[0] = 0
    return 0
  end
  return nil, err
end

function S.eventfd_read (fd, into) return read_counter(fd, into) end

function S.eventfd_write (fd, value)
  if value == nil then value = 1 end
  if type(value) == 'number' or tonumber(value) then value = t.uint64_1(value) end
  if type(value) ~= 'cdata' then error('a number or a uint64_1 was expected, not a ' .. type(value), 2) end
  types.check_room(value, 8)
  local n, err = call.number(C.sys_write(nr.write, fileno(fd), value, 8))
  if not n then return nil, err end
  return true
end

local clock, set_flags = flags.clock, flags.list('TFD_TIMER_')

function S.timerfd_create (which, how) return new_fd(C.sys_timerfd_create(nr.timerfd_create, clock(which), timer_flags(how))) end

function S.timerfd_settime (fd, how, timer)
  local new, old = t.itimerspec(timer), t.itimerspec()
  return call.object(C.sys_timerfd_settime(nr.timerfd_settime, fileno(fd), set_flags(how), new, old), old)
end

local into_itimerspec = types.into 'itimerspec'
function S.timerfd_gettime (fd, buffer)
  buffer = into_itimerspec(buffer)
  return call.object(C.sys_timerfd_gettime(nr.timerfd_gettime, fileno(fd), buffer), buffer)
end

function S.timerfd_read (fd, into) return read_counter(fd, into) end

function S.signalfd (set, how, fd)
  local mask = signals.to_set(set)
  return new_fd(C.sys_signalfd4(nr.signalfd4, fd and fileno(fd) or -1, mask, signals.set_size, signal_flags(how)))
end

-- Why a signal came: names by code, for all signals and for those with reasons of their own.
local function reasons (prefix)
  local names = {}
  for name, value in pairs(flags.names(prefix)) do names[value] = { prefix .. name:upper(), name } end
  return names
end

local general = reasons('SI_')
local particular = {
  [S.SIGCHLD] = reasons('CLD_'), [S.SIGFPE] = reasons('FPE_'), [S.SIGILL] = reasons('ILL_'),
  [S.SIGSEGV] = reasons('SEGV_'), [S.SIGBUS] = reasons('BUS_'), [S.SIGTRAP] = reasons('TRAP_'),
  [S.SIGPOLL] = reasons('POLL_')
}
for _, name in ipairs { 'SI_ASYNCNL', 'SI_DETHREAD', 'SI_SIGIO', 'SI_ASYNCIO', 'SI_MESGQ', 'SI_TIMER', 'SI_QUEUE', 'SI_USER' } do
  general[S[name]] = { name, name:sub(4):lower() }
end

local signal_names = {}
for name, value in pairs(flags.names('SIG', '^_')) do
  if value >= 1 and value <= 64 and name ~= 'rtmin' and name ~= 'cld' and name ~= 'iot' and name ~= 'poll' then
    signal_names[value] = signal_names[value] or {}
    table.insert(signal_names[value], name)
  end
end

local faults = { [S.SIGSEGV] = true, [S.SIGBUS] = true, [S.SIGILL] = true, [S.SIGFPE] = true, [S.SIGTRAP] = true }
local ticks = 100

local function describe (raw)
  local signo, code = raw.ssi_signo, raw.ssi_code
  local event = { signo = signo, code = code, errno = raw.ssi_errno }
  for _, name in ipairs(signal_names[signo] or {}) do
    event[name], event['SIG' .. name:upper()] = true, true
  end
  local own = particular[signo] and particular[signo][code]
  for _, name in ipairs(own or general[code] or {}) do event[name] = true end
  if code == S.SI_USER or code == S.SI_QUEUE or code == S.SI_TKILL then
    event.pid, event.uid, event.int, event.ptr = raw.ssi_pid, raw.ssi_uid, raw.ssi_int, raw.ssi_ptr
  elseif code == S.SI_TIMER then
    event.overrun, event.timerid = raw.ssi_overrun, raw.ssi_tid
    event.int, event.ptr = raw.ssi_int, raw.ssi_ptr
  elseif signo == S.SIGCHLD then
    event.pid, event.uid, event.status = raw.ssi_pid, raw.ssi_uid, raw.ssi_status
    event.utime, event.stime = tonumber(raw.ssi_utime) / ticks, tonumber(raw.ssi_stime) / ticks
  elseif faults[signo] then
    event.addr = raw.ssi_addr
  elseif signo == S.SIGPOLL then
    event.band, event.fd = raw.ssi_band, raw.ssi_fd
  end
  return event
end

local info_size = ffi.sizeof(t.signalfd_siginfo)

local function event_at (address) return describe(pt.signalfd_siginfo(address)), info_size end

function S.signalfd_read (fd, buffer, length)
  local list, err = records.read(fd, buffer, length or info_size * 4, info_size, event_at)
  if list then return list end
  if err.EAGAIN then return {} end
  return nil, err
end

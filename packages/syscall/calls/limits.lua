-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Limits, priorities, and what was used.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local C, nr = call.C, call.numbers
local bool, object = call.bool, call.object

ffi.cdef [[
int sys_prlimit64(long, int pid, int resource, const void *new, void *old) __asm__("syscall");
int sys_getpriority(long, int which, int who) __asm__("syscall");
int sys_setpriority(long, int which, int who, int prio) __asm__("syscall");
int sys_getrusage(long, int who, void *rusage) __asm__("syscall");
]]

local resource = flags.one('RLIMIT_')

local function limit (soft, hard)
  if ffi.istype(types.t.rlimit, soft) then return soft end
  if type(soft) == 'table' then
    return types.t.rlimit(soft.rlim_cur or soft[1], soft.rlim_max or soft[2])
  end
  if soft == nil or hard == nil then error('a limit is an rlimit, {soft, hard} or two numbers', 3) end
  return types.t.rlimit(soft, hard)
end

function S.getrlimit (name)
  local old = types.t.rlimit()
  return object(C.sys_prlimit64(nr.prlimit64, 0, resource(name), nil, old), old)
end

function S.setrlimit (name, soft, hard)
  return bool(C.sys_prlimit64(nr.prlimit64, 0, resource(name), limit(soft, hard), nil))
end

-- The old limits; new ones are set if given.
function S.prlimit (pid, name, soft, hard)
  local old = types.t.rlimit()
  local new = soft ~= nil and limit(soft, hard) or nil
  return object(C.sys_prlimit64(nr.prlimit64, pid or 0, resource(name), new, old), old)
end

local which = flags.list('PRIO_')

-- The kernel says 40 to 1 for what programs know as -20 to 19.
function S.getpriority (kind, who)
  local result, err = call.number(C.sys_getpriority(nr.getpriority, which(kind), who or 0))
  if not result then return nil, err end
  return 20 - result
end

function S.setpriority (kind, who, priority)
  return bool(C.sys_setpriority(nr.setpriority, which(kind), who or 0, priority))
end

function S.nice (increment)
  increment = arguments.number(increment)
  local old, err = S.getpriority('process')
  if not old then return nil, err end
  local new = math.max(-20, math.min(19, old + increment))
  local ok
  ok, err = S.setpriority('process', 0, new)
  if not ok then
    if err.EACCES then return call.fail(S.E.EPERM) end
    return nil, err
  end
  return new
end

local usage_of = flags.one('RUSAGE_')
function S.getrusage (who)
  local usage = types.t.rusage()
  return object(C.sys_getrusage(nr.getrusage, usage_of(who), usage), usage)
end

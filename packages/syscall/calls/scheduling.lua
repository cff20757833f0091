-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Which processors, in which order; groups and the three kinds of ids; times used.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local C, nr = call.C, call.numbers
local bool, number, object = call.bool, call.number, call.object
local t = types.t

ffi.cdef [[
int sys_nothing(long) __asm__("syscall");
int sys_int(long, int) __asm__("syscall");
int sys_affinity(long, int pid, size_t size, void *mask) __asm__("syscall");
int sys_sched(long, int pid, int policy, const void *param) __asm__("syscall");
int sys_sched_param(long, int pid, void *param) __asm__("syscall");
int sys_getcpu(long, unsigned int *cpu, unsigned int *node, void *unused) __asm__("syscall");
int sys_groups(long, int count, unsigned int *groups) __asm__("syscall");
int sys_three_ids(long, unsigned int *a, unsigned int *b, unsigned int *c) __asm__("syscall");
int64_t sys_times(long, void *tms) __asm__("syscall");
int sys_personality(long, unsigned int persona) __asm__("syscall");
]]

function S.sched_yield () return bool(C.sys_nothing(nr.sched_yield)) end

local most_processors = 1024

-- A list of the numbers of processors, from 0.
function S.sched_getaffinity (pid)
  local words = ffi.new('uint32_t[?]', most_processors / 32)
  local ok, err = number(C.sys_affinity(nr.sched_getaffinity, pid or 0, most_processors / 8, words))
  if not ok then return nil, err end
  local list = {}
  for cpu = 0, most_processors - 1 do
    if bit.band(words[math.floor(cpu / 32)], bit.lshift(1, cpu % 32)) ~= 0 then list[#list + 1] = cpu end
  end
  return list
end

function S.sched_setaffinity (pid, processors)
  local words = ffi.new('uint32_t[?]', most_processors / 32)
  for _, cpu in ipairs(arguments.table(processors, 'a list of processors')) do
    cpu = arguments.number(cpu, 'the number of a processor')
    -- Asked like this because of NaN.
    if not (cpu >= 0 and cpu < most_processors) then error('there is no processor ' .. cpu, 2) end
    local word = math.floor(cpu / 32)
    words[word] = bit.bor(words[word], bit.lshift(1, cpu % 32))
  end
  return bool(C.sys_affinity(nr.sched_setaffinity, pid or 0, most_processors / 8, words))
end

local policy = flags.list('SCHED_')

function S.sched_getscheduler (pid) return number(C.sys_int(nr.sched_getscheduler, pid or 0)) end
function S.sched_setscheduler (pid, which, priority)
  return bool(C.sys_sched(nr.sched_setscheduler, pid or 0, policy(which), t.sched_param(priority or 0)))
end
function S.sched_getparam (pid)
  local param = t.sched_param()
  local ok, err = bool(C.sys_sched_param(nr.sched_getparam, pid or 0, param))
  if not ok then return nil, err end
  return param.sched_priority
end
function S.sched_setparam (pid, priority)
  return bool(C.sys_sched_param(nr.sched_setparam, pid or 0, t.sched_param(priority or 0)))
end
function S.sched_get_priority_max (which) return number(C.sys_int(nr.sched_get_priority_max, policy(which))) end
function S.sched_get_priority_min (which) return number(C.sys_int(nr.sched_get_priority_min, policy(which))) end
function S.sched_rr_get_interval (pid)
  local time = t.timespec()
  return object(C.sys_sched_param(nr.sched_rr_get_interval, pid or 0, time), time)
end

-- The number of the processor, and of its node of memory.
function S.getcpu ()
  local cpu, node = t.uint1(), t.uint1()
  local ok, err = bool(C.sys_getcpu(nr.getcpu, cpu, node, nil))
  if not ok then return nil, err end
  return cpu[0], node[0]
end

function S.getgroups ()
  local count, err = number(C.sys_groups(nr.getgroups, 0, nil))
  if not count then return nil, err end
  local groups = ffi.new('unsigned int[?]', math.max(count, 1))
  count, err = number(C.sys_groups(nr.getgroups, count, groups))
  if not count then return nil, err end
  local list = {}
  for i = 1, count do list[i] = groups[i - 1] end
  return list
end

function S.setgroups (list)
  arguments.table(list, 'a list of groups')
  local groups = ffi.new('unsigned int[?]', math.max(#list, 1))
  for i = 1, #list do groups[i - 1] = list[i] end
  return bool(C.sys_groups(nr.setgroups, #list, groups))
end

local function three (call_number)
  local a, b, c = t.uint1(), t.uint1(), t.uint1()
  local ok, err = bool(C.sys_three_ids(call_number, a, b, c))
  if not ok then return nil, err end
  return { ruid = a[0], euid = b[0], suid = c[0] }
end

function S.getresuid () return three(nr.getresuid) end
function S.getresgid ()
  local ids, err = three(nr.getresgid)
  if not ids then return nil, err end
  return { rgid = ids.ruid, egid = ids.euid, sgid = ids.suid }
end

-- A tms, in hundredths of seconds, with the time since some moment in the past as second result.
function S.times ()
  local used = t.tms()
  local elapsed, err = call.long(C.sys_times(nr.times, used))
  if not elapsed then return nil, err end
  return used, elapsed
end

function S.personality (persona) return number(C.sys_personality(nr.personality, persona or 0xffffffff)) end

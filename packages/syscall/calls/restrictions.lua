-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What a process may do: prctl.

local S, import = ...
local ffi = require 'ffi'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local C, nr = call.C, call.numbers

ffi.cdef [[
int sys_prctl(long, int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d) __asm__("syscall");
int sys_prctl_pointer(long, int option, void *a, unsigned long b, unsigned long c, unsigned long d) __asm__("syscall");
int sys_prctl_string(long, int option, const char *a, unsigned long b, unsigned long c, unsigned long d) __asm__("syscall");
]]

local options = flags.one('PR_')

-- What names of the second argument stand for, by option.
local argument = {}
for option, prefix in pairs {
  CAPBSET_READ = 'CAP_', CAPBSET_DROP = 'CAP_', SET_FPEMU = 'PR_FPEMU_', SET_FPEXC = 'PR_FP_EXC_',
  SET_TIMING = 'PR_TIMING_', SET_TSC = 'PR_TSC_', SET_UNALIGN = 'PR_UNALIGN_', SET_ENDIAN = 'PR_ENDIAN_',
  MCE_KILL = 'PR_MCE_KILL_', SET_SECCOMP = 'SECCOMP_MODE_', CAP_AMBIENT = 'PR_CAP_AMBIENT_'
} do argument[S['PR_' .. option]] = flags.one(prefix) end
argument[S.PR_SET_PDEATHSIG] = flags.signal
argument[S.PR_SET_SECUREBITS] = flags.list('SECBIT_')
local mce_kill = flags.one('PR_MCE_KILL_')
local capability = flags.one('CAP_')

local gives_number, through_pointer = {}, {}
for _, name in ipairs {
  'GET_DUMPABLE', 'GET_KEEPCAPS', 'CAPBSET_READ', 'GET_TIMING', 'GET_SECUREBITS', 'MCE_KILL_GET', 'GET_SECCOMP',
  'GET_TIMERSLACK', 'GET_NO_NEW_PRIVS', 'GET_SPECULATION_CTRL', 'GET_THP_DISABLE', 'GET_IO_FLUSHER'
} do gives_number[S['PR_' .. name]] = true end
for _, name in ipairs {
  'GET_PDEATHSIG', 'GET_ENDIAN', 'GET_FPEMU', 'GET_FPEXC', 'GET_UNALIGN', 'GET_TSC', 'GET_CHILD_SUBREAPER'
} do through_pointer[S['PR_' .. name]] = true end

-- An argument as the register that it goes in.
local function word (value)
  if value == nil then return 0 end
  if type(value) == 'cdata' and not tonumber(value) then return ffi.cast('uintptr_t', ffi.cast('void *', value)) end
  return value
end

function S.prctl (option, a, b, c, d)
  option = options(option)
  if through_pointer[option] then
    local value = types.t.int1()
    local ok, err = call.bool(C.sys_prctl_pointer(nr.prctl, option, value, 0, 0, 0))
    if not ok then return nil, err end
    return value[0]
  end
  if option == S.PR_GET_NAME then
    local name = types.t.buffer(16)
    local ok, err = call.bool(C.sys_prctl_pointer(nr.prctl, option, name, 0, 0, 0))
    if not ok then return nil, err end
    return ffi.string(name)
  end
  if option == S.PR_SET_NAME then
    return call.bool(C.sys_prctl_string(nr.prctl, option, a, 0, 0, 0))
  end
  local convert = argument[option]
  if convert then a = convert(a) end
  if option == S.PR_MCE_KILL and a == S.PR_MCE_KILL_SET then b = mce_kill(b) end
  if option == S.PR_CAP_AMBIENT then b = capability(b) end
  local result = C.sys_prctl(nr.prctl, option, word(a), word(b), word(c), word(d))
  if gives_number[option] then return call.number(result) end
  return call.bool(result)
end

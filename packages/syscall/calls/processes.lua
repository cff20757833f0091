-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Processes: who they are, making them, waiting for them.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local C, nr = call.C, call.numbers
local under_emilua = import 'under_emilua'
local write_printed = import 'core/printed'
local checked = types.path
local bool, number = call.bool, call.number

ffi.cdef [[
int sys_nothing(long) __asm__("syscall");
int sys_int(long, int) __asm__("syscall");
int sys_two_ints(long, int, int) __asm__("syscall");
int sys_three_ints(long, int, int, int) __asm__("syscall");
int sys_clone(long, unsigned long flags, void *stack, void *a, void *b, void *c) __asm__("syscall");
int sys_unshare(long, unsigned long flags) __asm__("syscall");
int sys_execve(long, const char *path, const char *const *argv, const char *const *envp) __asm__("syscall");
int sys_wait4(long, int pid, int *status, int options, void *rusage) __asm__("syscall");
int sys_waitid(long, int type, int id, void *siginfo, int options, void *rusage) __asm__("syscall");
int syscall_fork(void) __asm__("fork");
void syscall_exit(int status) __asm__("exit");
]]

function S.getpid () return C.sys_nothing(nr.getpid) end
function S.getppid () return C.sys_nothing(nr.getppid) end
function S.gettid () return C.sys_nothing(nr.gettid) end
function S.getuid () return C.sys_nothing(nr.getuid) end
function S.geteuid () return C.sys_nothing(nr.geteuid) end
function S.getgid () return C.sys_nothing(nr.getgid) end
function S.getegid () return C.sys_nothing(nr.getegid) end

function S.getsid (pid) return number(C.sys_int(nr.getsid, pid or 0)) end
function S.setsid () return number(C.sys_nothing(nr.setsid)) end
function S.getpgid (pid) return number(C.sys_int(nr.getpgid, pid or 0)) end
function S.setpgid (pid, group) return bool(C.sys_two_ints(nr.setpgid, pid or 0, group or 0)) end
function S.getpgrp () return S.getpgid(0) end

function S.setuid (uid) return bool(C.sys_int(nr.setuid, uid)) end
function S.setgid (gid) return bool(C.sys_int(nr.setgid, gid)) end
function S.setreuid (real, effective) return bool(C.sys_two_ints(nr.setreuid, real or -1, effective or -1)) end
function S.setregid (real, effective) return bool(C.sys_two_ints(nr.setregid, real or -1, effective or -1)) end
function S.setresuid (real, effective, saved)
  return bool(C.sys_three_ints(nr.setresuid, real or -1, effective or -1, saved or -1))
end
function S.setresgid (real, effective, saved)
  return bool(C.sys_three_ints(nr.setresgid, real or -1, effective or -1, saved or -1))
end

-- The C library's, whose handlers make its locks usable in the child.
function S.fork ()
  -- Emilua does so itself.
  if not under_emilua then write_printed() end
  return number(C.syscall_fork())
end

local clone_flags, signal = flags.list('CLONE_'), flags.signal

-- A signal of 0 tells the parent nothing: such a child is waited for with "clone" or "all".
function S.clone (how, at_end, stack, parent_tid, tls, child_tid)
  local all = bit.bor(clone_flags(how), signal(at_end))
  write_printed()
  -- What comes last differs between architectures.
  if ffi.arch == 'x64' then
    return number(C.sys_clone(nr.clone, all % 2^32, stack, parent_tid, child_tid, ffi.cast('void *', tls)))
  end
  return number(C.sys_clone(nr.clone, all % 2^32, stack, parent_tid, ffi.cast('void *', tls), child_tid))
end

function S.unshare (how) return bool(C.sys_unshare(nr.unshare, clone_flags(how) % 2^32)) end

local function strings (list)
  list = list == nil and {} or arguments.table(list, 'a list of strings', 4)
  local array = ffi.new('const char *[?]', #list + 1)
  for i = 1, #list do
    if type(list[i]) ~= 'string' then error('a list of strings was expected', 3) end
    if list[i]:find('\0', 1, true) then error('an argument has no zero bytes', 3) end
    array[i - 1] = list[i]
  end
  return array
end

function S.execve (path, argv, envp)
  local arguments, environment = strings(argv), strings(envp)
  return bool(C.sys_execve(nr.execve, checked(path), arguments, environment))
end

local exit_status = flags.one('EXIT_')
function S._exit (status) C.sys_int(nr.exit_group, exit_status(status)) end
function S.exit (status)
  local number = exit_status(status)
  if under_emilua then write_printed() end
  C.syscall_exit(number)
end

-- What a status says, by name with or without its W, in any case.
local questions = {}
function questions.IFEXITED (s) return bit.band(s, 0x7f) == 0 end
function questions.EXITSTATUS (s) return questions.IFEXITED(s) and bit.band(bit.rshift(s, 8), 0xff) or nil end
function questions.IFSIGNALED (s) return bit.band(s, 0x7f) ~= 0 and bit.band(s, 0x7f) ~= 0x7f end
function questions.TERMSIG (s) return questions.IFSIGNALED(s) and bit.band(s, 0x7f) or nil end
function questions.COREDUMP (s) return questions.IFSIGNALED(s) and bit.band(s, 0x80) ~= 0 or nil end
function questions.IFSTOPPED (s) return bit.band(s, 0xff) == 0x7f end
function questions.STOPSIG (s) return questions.IFSTOPPED(s) and bit.band(bit.rshift(s, 8), 0xff) or nil end
function questions.IFCONTINUED (s) return s == 0xffff end

local wait_metatable = {
  __index = function (w, key)
    if type(key) ~= 'string' then return nil end
    local upper = key:upper()
    local ask = questions[upper] or upper:sub(1, 1) == 'W' and questions[upper:sub(2)]
    if ask then return ask(rawget(w, 'status')) end
  end
}

local wait_options = flags.list('W', '__W')

function S.waitpid (pid, options)
  local status = ffi.new('int[1]')
  local ended, err = number(C.sys_wait4(nr.wait4, pid, status, wait_options(options), nil))
  if not ended then return nil, err end
  return setmetatable({ pid = ended, status = ended == 0 and 0 or status[0] }, wait_metatable)
end

function S.wait () return S.waitpid(-1) end

-- The same with what the child used: a wait object with `rusage`.
function S.wait4 (pid, options)
  local status, rusage = ffi.new('int[1]'), types.t.rusage()
  local ended, err = number(C.sys_wait4(nr.wait4, pid, status, wait_options(options), rusage))
  if not ended then return nil, err end
  return setmetatable({ pid = ended, status = ended == 0 and 0 or status[0], rusage = rusage }, wait_metatable)
end

local id_type, into_siginfo = flags.one('P_'), types.into 'siginfo'
function S.waitid (kind, id, options, info)
  info = into_siginfo(info)
  return call.object(C.sys_waitid(nr.waitid, id_type(kind), id or 0, info, wait_options(options), nil), info)
end

function S.kill (pid, sig) return bool(C.sys_two_ints(nr.kill, pid, signal(sig))) end
function S.killpg (group, sig) return bool(C.sys_two_ints(nr.kill, -group, signal(sig))) end
function S.tgkill (group, thread, sig) return bool(C.sys_three_ints(nr.tgkill, group, thread, signal(sig))) end

return { strings = strings }

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The command line, /proc and its variables, scheduling, ids, memory of other processes, randomness.
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
local S = require 'syscall'
local t = S.t
local function sym (ok, err) return ok and 'ok' or err.sym end

-- the command line, shorter and longer than it was, and the environment behind it
local function cmdline () return assert(S.readfile('/proc/self/cmdline')) end
local original = cmdline()
assert(S.setenv('SYSCALL_TEST', 'kept', true))
print(S.setcmdline('short'), cmdline():match('^%Z*'), #cmdline() == #original)
print(S.setcmdline('two', 'parts'), cmdline():match('^two%zparts%z') ~= nil)
print(S.setcmdline(('long '):rep(20)), cmdline():match('^%Z*') == ('long '):rep(20), S.getenv('SYSCALL_TEST'), S.environ().SYSCALL_TEST)
print(S.setcmdline(original), cmdline():sub(1, #original) == original)
print(S.unsetenv('SYSCALL_TEST'), S.clearenv(), next(S.environ()), S.setenv('A', '1'), S.environ().A)

-- files of the kernel
print(S.sysctl('kernel.ostype'), sym(S.sysctl('kernel.no_such_variable')))
local root
for _, mount in ipairs(assert(S.mounts())) do
  if mount.target == '/' then root = mount end
end
print(root.id > 0, root.root ~= nil, type(root.type), root.minor == S.stat('/').dev % 256)
print(sym(S.cgroup('no/such/group')))

-- scheduling
local processors = assert(S.sched_getaffinity())
print(#processors > 0, S.sched_setaffinity(0, processors), S.sched_yield(), S.sched_getscheduler(), S.sched_getparam())
print(S.sched_get_priority_max('fifo'), S.sched_get_priority_min('rr'), sym(S.sched_setscheduler(0, 'other', 0)), sym(S.sched_getparam(-5)))
print(type(S.getcpu()), S.sched_rr_get_interval().sec, (pcall(S.sched_setaffinity, 0, { 5000 })))

-- ids and use
print(S.getresuid().euid == S.geteuid(), S.getresgid().rgid == S.getgid(), type(S.getgroups()), S.gettid() > 0, S.getpgid() == S.getpgrp())
print(S.getrusage('self').ru_maxrss > 0, S.getrusage('children').ru_utime.sec >= 0, S.times().tms_utime >= 0, S.personality() >= 0)
print(S.prlimit(0, 'nofile').rlim_cur == S.getrlimit('nofile').rlim_cur, S.RLIM_INFINITY == 0xffffffffffffffffULL)

-- memory
local mine, copy = t.buffer(8), t.buffer(8)
S.copy(mine, 'shared')
print(S.process_vm_readv(S.getpid(), { { copy, 8 } }, { { mine, 8 } }), S.string(copy))
S.copy(mine, 'back')
print(S.process_vm_writev(S.getpid(), { { mine, 5 } }, { { copy, 5 } }), S.string(copy), sym(S.process_vm_readv(-1, { 1 }, { 1 })))
local sealed = assert(S.memfd_create('sealed', 'cloexec, allow_sealing'))
print(sealed:write('abc'), sealed:fcntl('add_seals', 'seal_write, seal_shrink'), sym(sealed:write('x')), sym(sealed:truncate(0)), sealed:fcntl('get_seals') == S.F_SEAL_WRITE + S.F_SEAL_SHRINK)
print(#S.getrandom(16), S.getrandom(mine, 8, 'nonblock'), S.getrandom(16) ~= S.getrandom(16), S.membarrier('query') > 0)
print(S.kcmp(S.getpid(), S.getpid(), 'file', 0, 0))
local fault, why = S.userfaultfd('cloexec, user_mode_only')
print(fault ~= nil or why.EPERM or why.ENOSYS)

-- a range of descriptors
print(S.dup(0, 400).fileno, S.dup(0, 401):nogc(), S.close_range(400, 401), sym(S.fstat(400)))
print(S.dup(0, 400):nogc(), S.close_range(400, nil, 'cloexec'), S.fcntl(400, 'getfd') == S.FD_CLOEXEC, S.close(400))

-- raw calls and the clock's state
print(S.syscall('getpid') == S.getpid(), S.syscall(S.SYS_getppid) == S.getppid(), sym(S.syscall('close', 1000)))
local clock = assert(S.adjtimex())
print(clock.timex.tick > 0, clock.ok == (clock.state == S.TIME_OK), clock.nosuchstate, (pcall(S.adjtimex, { modes = 'fast' })))
print(sym(S.ustat(S.stat('/').dev)) ~= 'EINVAL', (sym(S.klogctl(99)):gsub('EPERM', 'EINVAL')), (pcall(S.reboot, "explode")))

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- waitid and its siginfo, stopped and continued children, signals and children through a descriptor.
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
local S = require 'syscall'
local t = S.t
local function sym (ok, err) return ok and 'ok' or err.sym end

local pid = assert(S.fork())
if pid == 0 then S._exit(23) end
local info = assert(S.waitid('all', 0, 'exited, stopped, continued'))
print(info.si_signo == S.SIGCHLD, info.si_status, info.si_code == S.CLD_EXITED, info.si_pid == pid, info.si_uid == S.getuid())
print(sym(S.waitid('all', 0, 'exited')), info.nosuchfield)

pid = assert(S.fork())
if pid == 0 then S.pause() end
local own = t.siginfo()
print(S.waitid('pid', pid, 'exited, nohang', own) == own, own.si_pid)
print(S.kill(pid, 'stop'), S.waitpid(pid, 'untraced').WSTOPSIG == S.SIGSTOP)
print(S.kill(pid, 'cont'), S.waitpid(pid, 'continued').WIFCONTINUED)
print(S.kill(pid, 'kill'), S.waitpid(pid).termsig)

-- through a descriptor of the process
pid = assert(S.fork())
if pid == 0 then S.pause() end
local pidfd = assert(S.pidfd_open(pid))
print(S.poll({ { fd = pidfd, events = 'in' } }, 0)[1].IN, S.pidfd_send_signal(pidfd, 'term'))
print(S.poll({ { fd = pidfd, events = 'in' } }, 5000)[1].IN, S.waitid('pidfd', pidfd.fileno, 'exited').si_status == S.SIGTERM)
print(sym(S.pidfd_open(pid)), sym(S.pidfd_send_signal(pidfd, 0)))

local child, child_fd = S.clone3 { flags = 'pidfd', exit_signal = 'chld' }
if child == 0 then S._exit(3) end
print(child > 0, child_fd:close(), S.waitpid(child).EXITSTATUS)
print(S.wait4(assert(S.clone(nil, 'chld')) == 0 and S._exit(8) or -1).EXITSTATUS)

-- signalfd
S.sigprocmask('block', 'usr1, winch, chld')
local fd = assert(S.signalfd('usr1, winch, chld', 'nonblock, cloexec'))
print(#fd:signalfd_read())
S.kill(S.getpid(), 'usr1')
S.kill(S.getpid(), 'winch')
local seen = {}
for _, s in ipairs(assert(fd:signalfd_read())) do seen[s.signo] = s end
for _, s in ipairs { seen[S.SIGUSR1], seen[S.SIGWINCH] } do
  print(s.usr1, s.SIGUSR1, s.winch, s.user, s.SI_USER, s.pid == S.getpid(), s.uid == S.getuid(), s.code, s.errno, s.addr, s.status)
end
pid = assert(S.fork())
if pid == 0 then S._exit(9) end
S.poll({ { fd = fd, events = 'in' } }, 5000)
local s = assert(fd:signalfd_read())[1]
print(s.chld, s.SIGCHLD, s.exited, s.CLD_EXITED, s.killed, s.pid == pid, s.status, type(s.utime), S.wait().pid == pid)
print(S.sigqueue(S.getpid(), 'usr1', 1234))
s = assert(fd:signalfd_read())[1]
print(s.usr1, s.queue, s.SI_QUEUE, s.int, s.ptr == 1234, s.user)

-- waiting without a handler or descriptor
print(S.kill(S.getpid(), 'winch'), S.sigwaitinfo('winch').si_code == S.SI_USER, sym(S.sigtimedwait('winch', 0)))
print(fd:close(), S.sigprocmask('setmask', t.sigset()).usr1)

-- timers of the process
S.sigprocmask('block', 'usr2')
local timer = assert(S.timer_create('monotonic', { signo = 'usr2', value = 42 }))
print(timer:settime(nil, { 0, 0.01 }).value.time, timer:gettime().interval.time)
info = assert(S.sigtimedwait('usr2', 5))
print(info.si_signo == S.SIGUSR2, info.si_int, info.si_code == S.SI_TIMER, timer:getoverrun(), timer:delete(), sym(timer:gettime()))
print(S.clock_nanosleep('monotonic', nil, 0.001).time, S.clock_nanosleep('monotonic', 'abstime', 1).time, sym(S.clock_nanosleep(99, nil, 1)))
print((pcall(S.timer_create, 'sundial')), (pcall(S.timer_create, 'monotonic', { signo = 'usr9' })))

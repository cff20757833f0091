-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Waiting with a mask of signals and with times below a millisecond, and waiting for another process's file.
-- env: EMILUA_PATH=$DIR/../../packages:$DIR
-- env: LUA_PATH=$DIR/../../packages/?/init.lua;$DIR/?/init.lua
local S = require 'syscall'
local child = require('child').child
local t = S.t
local function sym (ok, err) return ok and 'ok' or err.sym end
local me = S.getpid()

-- A signal that is blocked comes while a call waits whose mask lets it through, and only then.
local handled = 0
S.sigaction('usr1', function () handled = handled + 1 end)
assert(S.sigprocmask('block', 'usr1'))
local p = assert(S.pipe())
local ep = assert(S.epoll_create())
assert(ep:epoll_ctl('add', p[1], 'in'))
local read_end = { fd = p[1], events = 'in' }
for _, wait in ipairs {
  function (mask) return S.ppoll({ read_end }, 5, mask) end,
  function (mask) return S.pselect { readfds = { p[1] }, timeout = 5, sigmask = mask } end,
  function (mask) return ep:epoll_wait(nil, 1, 5000, mask) end,
  function (mask) return ep:epoll_pwait2(nil, 1, t.timespec(5), mask) end,
  function (mask) return S.sigsuspend(mask or '') end
} do
  handled = 0
  S.kill(me, 'usr1')
  local before = handled
  print(before, sym(wait(t.sigset())), handled, S.sigprocmask().usr1)
end

-- Times below a millisecond, and what is there already.
local function elapsed (f)
  local start = S.clock_gettime('monotonic').time
  local result = assert(f())
  return result, S.clock_gettime('monotonic').time - start
end
local ready, took = elapsed(function () return S.ppoll({ read_end }, 0.0005) end)
print(ready[1].IN, took >= 0.0005 and took < 5)
ready, took = elapsed(function () return S.pselect { readfds = { p[1] }, timeout = { 0, 500000 } } end)
print(ready.count, took >= 0.0005 and took < 5)
ready, took = elapsed(function () return ep:epoll_pwait2(nil, 4, 0.0005) end)
print(#ready, took >= 0.0005 and took < 5)
assert(p[2]:write('x'))
print(S.ppoll({ read_end })[1].IN, S.pselect { readfds = { p[1] } }.count, ep:epoll_pwait2()[1].fileno == p[1].fileno)
print(sym(S.ppoll({ { fd = 1000, events = 'in' } }, 0)), S.ppoll({ { fd = 1000 } }, 0)[1].NVAL, sym(S.epoll_pwait2(p[1])))

-- A descriptor out of another process.
local q = assert(S.pipe())
local pid = assert(S.fork())
if pid == 0 then
  S.prctl('set_pdeathsig', 'kill')
  local own = assert(S.memfd_create('theirs'))
  own:write('from the child')
  q[2]:write(tostring(own.fileno))
  S.pause()
end
local number = tonumber((q[1]:read()))
local pidfd = assert(S.pidfd_open(pid, 'nonblock'))
print(bit.band(S.fcntl(pidfd, 'getfl'), S.O_NONBLOCK) ~= 0)
local theirs, err = S.pidfd_getfd(pidfd, number)
local text = t.buffer(14)
print(theirs and theirs:pread(text, 14, 0) or err.sym, S.string(text, 14), sym(S.pidfd_getfd(pidfd, 1000)))
print(S.tgkill(pid, pid, 'term'), S.waitpid(pid).TERMSIG == S.SIGTERM, sym(S.tgkill(pid, pid, 'term')))

-- Groups of processes.
print(child(function (say)
  local leader = S.getpid()
  say(S.setpgid(), S.getpgrp() == leader, S.getpgid(leader) == leader, sym(S.setpgid(1, 1)), sym(S.setsid()))
end))

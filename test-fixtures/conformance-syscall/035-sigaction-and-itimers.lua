-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- handlers as Lua functions, ignored and default signals, interval timers
local S = require 'syscall'

local got = 0
local old = assert(S.sigaction('alrm', function(s) got = s end))
print(type(old))
-- interval, value; an interrupted sleep is an error
local before = assert(S.setitimer('real', {0, 0.01}))
print(before.interval.time, before.value.time)
local rem, err = S.nanosleep(5)
print(rem, err.intr, got == S.SIGALRM)
print(S.getitimer('real').value.time, S.getitimer('real').interval.sec)

-- a periodic timer
local ticks = 0
assert(S.sigaction('alrm', function() ticks = ticks + 1 end))
assert(S.setitimer('real', {0.005, 0.005}))
for i = 1, 200 do
    S.nanosleep(0.05)
    if ticks >= 3 then break end
end
local was = assert(S.setitimer('real', {0, 0}))
print(ticks >= 3, was.interval.usec)
print(S.setitimer('virtual', {0.5, 100}).value.time, S.getitimer('virtual').interval.time, S.getitimer('virtual').value.sec >= 99)
print(S.setitimer(S.ITIMER_VIRTUAL, {0, 0}).interval.usec, S.getitimer('prof').value.time)

-- alarm counts in seconds and returns what was left
print(S.alarm(100), S.alarm(0) >= 99, S.alarm(0))

-- pause in a child, ended by a handler
local pid = assert(S.fork())
if pid == 0 then
    S.sigaction('alrm', function() end)
    S.setitimer('real', {0.02, 0.02})
    local ok, err = S.pause()
    S._exit(not ok and err.intr and 21 or 1)
end
print(S.waitpid(pid).EXITSTATUS)

-- signal: ignore and default
print(S.signal('usr1', 'ign'), S.kill(S.getpid(), 'usr1'))
pid = assert(S.fork())
if pid == 0 then
    S.kill(S.getpid(), 'usr1')
    S.signal('usr1', 'dfl')
    S.kill(S.getpid(), 'usr1')
    S._exit(0)
end
print(S.waitpid(pid).WTERMSIG == S.SIGUSR1)
-- to a process group
pid = assert(S.fork())
if pid == 0 then
    local n = 0
    S.setsid()
    S.sigaction('usr2', function() n = n + 1 end)
    S.kill(0, 'usr2')
    S.killpg(S.getpid(), 'usr2')
    for i = 1, 100 do if n >= 2 then break end S.nanosleep(0.001) end
    S._exit(30 + n)
end
print(S.waitpid(pid).EXITSTATUS)

-- errors
local ok, err = S.signal('kill', 'ign')
print(ok, err.inval)
local ok, err = S.sigaction('stop', function() end)
print(ok, err.inval)
print((pcall(S.sigaction, 'usr9', 'ign')), (pcall(S.signal, 'usr1', 'postpone')), (pcall(S.setitimer, 'unreal', {0, 0})))

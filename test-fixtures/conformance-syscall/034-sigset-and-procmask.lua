-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- signal sets as objects, the mask, pending signals, waiting for one
local S = require 'syscall'
local t = S.t

local set = t.sigset()
print(set.isemptyset, set.hup, set.SIGHUP, set.nosuchsignal)
set = set:add('hup, SIGINT, Usr1')
print(set.isemptyset, set.hup, set.int, set.usr1, set.SIGUSR1, set.usr2)
set = set:add(S.SIGSYS)
set = set:del('hup')
set = set:del(S.SIGINT)
print(set.hup, set.int, set.usr1, set.sys)
set = set:del('usr1, sys')
print(set.isemptyset)
print((pcall(set.add, set, 'usr1, bogus')))

-- the mask: without arguments it is only read
local before = assert(S.sigprocmask())
print(before.usr1, before.usr2)
local old = assert(S.sigprocmask('block', 'usr1, SIGUSR2'))
print(old.usr1, old.usr2)
local now = assert(S.sigprocmask())
print(now.usr1, now.usr2, now.alrm)

-- a blocked signal waits
print(S.sigpending().usr1)
assert(S.kill(S.getpid(), 'usr1'))
print(S.sigpending().usr1, S.sigpending().usr2)
local caught = {}
assert(S.sigaction('usr1', function(s) caught[#caught + 1] = s end))
print(#caught)
assert(S.sigprocmask('unblock', 'usr1'))
for i = 1, 100 do if #caught > 0 then break end S.nanosleep(0.001) end
print(#caught, caught[1] == S.SIGUSR1, S.sigpending().usr1)

-- sigsuspend waits with another mask and always "fails"
assert(S.sigaction('usr2', function(s) caught[#caught + 1] = s end))
assert(S.kill(S.getpid(), 'usr2'))
local mask = assert(S.sigprocmask()):del('usr2')
local ok, err = S.sigsuspend(mask)
print(ok, err.intr, #caught, caught[2] == S.SIGUSR2, S.sigprocmask().usr2)

-- setting the whole mask
print(S.sigprocmask('setmask', t.sigset()).usr2, S.sigprocmask().isemptyset)
print((pcall(S.sigprocmask, 'block', 'usr1, usr3')), (pcall(S.sigprocmask, 'replace', 'usr1')))
local r, err = S.sigprocmask(99, 'usr1')
print(r, err.inval)

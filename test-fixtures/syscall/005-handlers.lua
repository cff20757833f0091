-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Handlers: masks, flags, the old action put back, siginfo, errors, handlers that call again.
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
local S = require 'syscall'
local t = S.t
local me = S.getpid()

-- the old action is what was set, and can be put back
local calls = {}
local first = function () calls[#calls + 1] = 'first' end
local before = assert(S.sigaction('usr1', first, 'usr2, hup', 'restart, nodefer'))
print(before.sa_handler == nil, S.sigaction('usr1').sa_mask.usr2, S.sigaction('usr1').sa_mask.int)
local old = assert(S.sigaction('usr1', function () calls[#calls + 1] = 'second' end))
print(old.sa_flags == S.SA_RESTART + S.SA_NODEFER, old.sa_mask.hup)
S.kill(me, 'usr1')
print(S.sigaction('usr1', old) ~= nil, table.concat(calls, ' '))
S.kill(me, 'usr1')
print(table.concat(calls, ' '), S.sigaction('usr1').sa_flags == old.sa_flags)

-- what came with it
local got
S.sigaction('usr1', function (number, info) got = { number, info } end)
S.sigqueue(me, 'usr1', 99)
print(got[1] == S.SIGUSR1, got[2].si_int, got[2].si_code == S.SI_QUEUE, got[2].si_pid == me)

-- once only
local pid = assert(S.fork())
if pid == 0 then
  local n = 0
  S.sigaction('usr1', function () n = n + 1 end, nil, 'resethand')
  S.kill(S.getpid(), 'usr1')
  if n ~= 1 then S._exit(1) end
  S.kill(S.getpid(), 'usr1')
  S._exit(2)
end
print(S.waitpid(pid).WTERMSIG == S.SIGUSR1)

-- "ign" and "dfl" are what they say; the second is the default action
pid = assert(S.fork())
if pid == 0 then
  assert(S.sigaction('term', 'ign'))
  S.kill(S.getpid(), 'term')
  assert(S.sigaction('term', 'dfl'))
  S.kill(S.getpid(), 'term')
  S._exit(1)
end
print(S.waitpid(pid).WTERMSIG == S.SIGTERM)

-- without restart a call is interrupted, with it it goes on
local timer = { 0, 0.01 }
local p = assert(S.pipe())
S.sigaction('alrm', function () end)
S.setitimer('real', timer)
local _, err = p[1]:read()
print(err.EINTR)
S.sigaction('alrm', function () end, nil, 'restart')
pid = assert(S.fork())
if pid == 0 then
  S.nanosleep(0.05)
  p[2]:write('late')
  S._exit(0)
end
S.setitimer('real', timer)
print(p[1]:read(), S.waitpid(pid).EXITSTATUS)

-- an error in a handler comes out of the call
S.sigaction('usr1', function () error('out of the handler', 0) end)
print(pcall(S.kill, me, 'usr1'))
-- and what came with it is handled at the end of the next one
local second = 0
S.sigaction('usr2', function () second = second + 1 end)
S.sigprocmask('block', 'usr1, usr2')
S.kill(me, 'usr2')
S.kill(me, 'usr1')
print(second, pcall(S.sigprocmask, 'unblock', 'usr1, usr2'))
S.access('/')
print(second)
-- a fault of the program itself is not handled but fatal; the signal from elsewhere is, as often as it comes
pid = assert(S.fork())
if pid == 0 then
  S.setrlimit('core', 0, 0)
  local faults = 0
  S.sigaction('segv', function () faults = faults + 1 end)
  S.kill(S.getpid(), 'segv')
  S.kill(S.getpid(), 'segv')
  if faults ~= 2 then S._exit(1) end
  print(S.pt.int(S.pointer(8))[0])
  S._exit(2)
end
print(S.waitpid(pid).WTERMSIG == S.SIGSEGV)
-- one that calls again, and is signaled again
local depth = 0
S.sigaction('usr1', function ()
  depth = depth + 1
  if depth < 3 then S.kill(me, 'usr1') end
end)
S.kill(me, 'usr1')
S.getpid()
S.nanosleep(0)
print(depth)

-- what a handler blocks comes after it; its own signal, too, unless the flags say otherwise
local order
local function handler_of (own, other, mask, how)
  return S.sigaction(own, function ()
    order = order .. own:sub(-1)
    if #order < 4 then
      local blocked = S.sigprocmask()
      order = order .. (blocked[other] and '!' or '') .. (blocked[own] and '?' or '')
      S.kill(me, other)
    end
    order = order .. own:sub(-1)
  end, mask, how)
end
for _, mask in ipairs { 'usr1, usr2', '' } do
  for _, how in ipairs { '', 'nodefer' } do
    order = ''
    handler_of('usr1', 'usr2', mask, how)
    handler_of('usr2', 'usr1', mask, how)
    S.kill(me, 'usr1')
    print(order, S.sigprocmask().isemptyset, S.sigpending().isemptyset)
  end
end
order = ''
S.sigaction('usr1', function ()
  order = order .. '('
  if #order < 4 then S.kill(me, 'usr1') end
  order = order .. ')'
  if #order > 5 then error(order, 0) end
end)
print(pcall(S.kill, me, 'usr1'))
print(order, S.sigprocmask().isemptyset)
-- both are there before the first is handled
order = ''
S.sigaction('usr1', function () order = order .. '1' S.access('/') order = order .. '1' end, 'usr2')
S.sigaction('usr2', function () order = order .. '2' S.access('/') order = order .. '2' end, 'usr1')
S.sigprocmask('block', 'usr1, usr2')
S.kill(me, 'usr1')
S.kill(me, 'usr2')
S.sigprocmask('unblock', 'usr1, usr2')
print(order)

-- a blocked signal is counted once by the kernel, and handled when it is unblocked
local n = 0
S.sigaction('usr2', function () n = n + 1 end)
S.sigprocmask('block', 'usr2')
S.kill(me, 'usr2')
S.kill(me, 'usr2')
print(n, S.sigpending().usr2)
S.sigprocmask('unblock', 'usr2')
print(n)

-- many, while compiled code runs
n = 0
S.setitimer('real', { 0.0005, 0.0005 })
S.sigaction('alrm', function () n = n + 1 end)
local calls_made = 0
while n < 100 do
  S.getpid()
  S.access('/')
  calls_made = calls_made + 1
end
S.setitimer('real', { 0, 0 })
print(n >= 100, calls_made > 0)

print((pcall(S.sigaction, 'usr1', 'never')), (pcall(S.sigaction, 'usr1', first, 'usr7')), (pcall(S.sigaction, 'usr1', first, nil, 'often')))
print(select(2, S.sigaction('kill', first)).EINVAL, S.sigaction('kill') ~= nil, t.sigset('int').int)

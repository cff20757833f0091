-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- epoll: events by name, results with flags, data of 64 bits, a signal mask
local S = require 'syscall'
local t = S.t
local sv = assert(S.socketpair('unix', 'stream'))
local a, b = sv[1], sv[2]
local ep = assert(S.epoll_create('cloexec'))
print(ep:fcntl('getfd') == S.FD_CLOEXEC)

print(ep:epoll_ctl('add', a, 'in'), #ep:epoll_wait(nil, 10, 0))
assert(b:write('hello'))
local r = assert(ep:epoll_wait())
print(#r, r[1].fileno == a.fileno, r[1].EPOLLIN, r[1].IN, r[1]['in'], r[1].out, r[1].events == S.EPOLLIN)
-- level triggered: still there; edge triggered: once
print(#ep:epoll_wait(nil, 10, 0))
print(ep:epoll_ctl('mod', a, 'in, et'), #ep:epoll_wait(nil, 10, 0), #ep:epoll_wait(nil, 10, 0))
print(ep:epoll_ctl('mod', a, 'in, oneshot'), #ep:epoll_wait(nil, 10, 0), #ep:epoll_wait(nil, 10, 0))
print(a:read())

-- data instead of the descriptor number
print(ep:epoll_ctl('mod', a, 'in, rdhup', 0x1122334455ULL), ep:epoll_ctl('add', b, 'out', 7))
r = assert(ep:epoll_wait(nil, 10, 0))
print(#r, r[1].data == 7, r[1].out, r[1]['in'])
assert(b:shutdown('wr'))
r = assert(ep:epoll_wait(nil, 1, 0))
print(#r)
r = assert(ep:epoll_wait(nil, 10, 0))
local seen = {}
for _, e in ipairs(r) do seen[tonumber(e.data)] = e end
local e = seen[0x1122334455]
print(#r, e.data == 0x1122334455ULL, e.rdhup, e.RDHUP, e.hup)

-- an event structure and a buffer of one's own
local ev = t.epoll_event()
ev.events = S.EPOLLOUT
ev.data.u64 = 99
print(ep:epoll_ctl('mod', b, ev))
local buf = t.epoll_events(4)
r = assert(ep:epoll_wait(buf, 4, 0))
print(#r, buf[0].data.u64 == r[1].data)

print(ep:epoll_ctl('del', a), ep:epoll_ctl(S.EPOLL_CTL_DEL, b), #ep:epoll_wait(nil, 10, 0))
-- with a signal mask it is epoll_pwait
print(#ep:epoll_wait(nil, 4, 0, 'usr1, usr2'))

-- errors
local ok, err = ep:epoll_ctl('del', a)
print(ok, err.noent)
assert(ep:epoll_ctl('add', a, 'in'))
local ok, err = ep:epoll_ctl('add', a, 'in')
print(ok, err.exist)
local ok, err = ep:epoll_ctl('add', assert(S.open('/proc/self/exe')), 'in')
print(ok, err.perm)
print((pcall(ep.epoll_ctl, ep, 'put', a, 'in')), (pcall(ep.epoll_ctl, ep, 'add', a, 'into')))
local r, err = ep:epoll_wait(nil, 0, 0)
print(r, err.inval)
print(ep:close())

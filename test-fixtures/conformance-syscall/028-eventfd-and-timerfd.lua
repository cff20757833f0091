-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- counters and timers as descriptors
local S = require 'syscall'
local t = S.t

local e = assert(S.eventfd(5, 'nonblock, cloexec'))
print(e:fcntl('getfd') == S.FD_CLOEXEC)
print(e:eventfd_read(), e:eventfd_read())       -- then 0, where others would block
print(e:eventfd_write(), e:eventfd_write(2), e:eventfd_write(40), e:eventfd_read())
-- all 64 bits through a value of one's own
local v = t.uint64_1()
print(e:eventfd_write(t.uint64_1(0xfffffffffffffffeULL)), e:eventfd_read(v) > 2^63, v[0] == 0xfffffffffffffffeULL)
-- a semaphore gives one at a time
local s = assert(S.eventfd(2, 'semaphore, nonblock'))
print(s:eventfd_read(), s:eventfd_read(), s:eventfd_read())
local ok, err = S.eventfd_write(1000, 1)
print(ok, err.badf)
print(assert(S.eventfd()):eventfd_write(1), (pcall(S.eventfd, 0, 'blocking')))
print(S.poll({{fd = e, events = 'in, out'}}, 0)[1].revents == S.POLLOUT)

-- timers: interval first, then value, in seconds
local f = assert(S.timerfd_create('monotonic', 'nonblock, cloexec'))
print(f:timerfd_read())                          -- not expired yet
local old = assert(f:timerfd_settime(nil, {0.5, 100}))
print(old.interval.time, old.value.time)
local now = assert(f:timerfd_gettime())
print(now.interval.time, now.value.time > 99, now.it_value.sec == 99 or now.value.sec == 100)
old = assert(f:timerfd_settime(nil, {0, 0}))
print(old.interval.time, old.value.time > 99, f:timerfd_gettime().value.time)

-- one expiry, waited for
assert(f:block())
assert(f:timerfd_settime(nil, {0, 0.01}))
print(f:timerfd_read(), f:timerfd_gettime().value.time)
-- a periodic timer counts
assert(f:timerfd_settime(0, {interval = 0.002, value = 0.002}))
S.nanosleep(0.03)
print(f:timerfd_read() >= 10, f:timerfd_gettime().interval.nsec)
-- absolute time in the past expires at once
assert(f:timerfd_settime('abstime', t.itimerspec{{0, 0}, {1, 0}}))
print(f:timerfd_read())
assert(f:timerfd_settime(0, {0, {0, 1000}}))
print(S.poll({{fd = f, events = 'in'}}, 5000)[1]['in'])

local r, err = S.timerfd_create(99)
print(r, err.inval)
print((pcall(S.timerfd_create, 'hourglass')), (pcall(f.timerfd_settime, f, 'relative', {0, 1})))
local r, err = e:timerfd_gettime()
print(r, err.inval)
print(e:close(), s:close(), f:close())

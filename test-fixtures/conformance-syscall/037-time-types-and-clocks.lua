-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- timespec, timeval and timer values as objects; clocks; sleeping
local S = require 'syscall'
local t = S.t

local ts = t.timespec(1.5)
print(ts.time, ts.sec, ts.nsec, ts.tv_sec == 1, ts.tv_nsec == 500000000)
ts.time = 2.25
print(ts.sec, ts.nsec)
ts.sec, ts.nsec = 7, 8
print(tonumber(ts.tv_sec), tonumber(ts.tv_nsec))
print(t.timespec{3, 4}.sec, t.timespec{tv_sec = 5, tv_nsec = 6}.nsec, t.timespec().time, t.timespec(t.timespec(9)).sec)
local tv = t.timeval(0.75)
print(tv.usec, tv.sec, tv.time, t.timeval{1, 250000}.time, tv.nosuchfield)
tv.usec = 500000
print(tv.time)

-- the two timer structures: interval and value
for _, name in ipairs{'itimerspec', 'itimerval'} do
    local it = t[name]{0.5, 10}
    print(name, it.interval.time, it.value.time, it.it_value.sec)
    it = t[name]{interval = 2, value = {3, 4}}
    print(it.interval.sec, it.value.sec)
    it = t[name]{it_interval = 1, it_value = 0.25}
    print(it.interval.time, it.value.time)
    print(t[name]().interval.time, t[name]().value.time)
end
print(t.itimerspec{t.timespec(4), t.timespec{5, 6}}.value.nsec)

-- clocks
local res = assert(S.clock_getres('monotonic'))
print(res.sec, res.nsec >= 1)
local a = assert(S.clock_gettime('monotonic'))
local b = assert(S.clock_gettime(S.CLOCK_MONOTONIC))
print(b.time >= a.time, a.sec >= 0, a.nsec < 1000000000)
local real, tod, sec = S.clock_gettime('CLOCK_REALTIME'), S.gettimeofday(), S.time()
print(math.abs(real.time - tod.time) < 2, math.abs(sec - tod.sec) < 2, math.floor(tod.time) == tod.sec)
local own, owntv = t.timespec(), t.timeval()
print(S.clock_gettime('monotonic', own) == own, own.time >= a.time, S.gettimeofday(owntv) == owntv, owntv.sec >= tod.sec)
print(S.clock_gettime('process_cputime_id').time < 10, math.abs(S.clock_gettime('monotonic_coarse').time - a.time) < 2)

-- sleeping returns what is left: nothing
local t0 = S.clock_gettime('monotonic').time
local rem = assert(S.nanosleep(0.02))
print(rem.time, rem.sec, rem.nsec, S.clock_gettime('monotonic').time - t0 >= 0.02)
print(S.nanosleep{0, 1000}.time, S.nanosleep(t.timespec(0.001)).time, S.sleep(0))
local r, err = S.nanosleep{0, 1000000000}
print(r, err.inval)
local r, err = S.clock_gettime(99)
print(r, err.inval)
print((pcall(S.clock_getres, 'lunar')))

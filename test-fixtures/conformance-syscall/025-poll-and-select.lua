-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- poll gives an array-like object, select a table of lists
local S = require 'syscall'
local t = S.t
local sv = assert(S.socketpair('unix', 'stream'))
local a, b = sv[1], sv[2]

local p = assert(S.poll({{fd = a, events = 'in'}, {fd = b, events = 'in, out'}}, 0))
print(#p, p[1].fd == a.fileno, p[2].fileno == b.fileno)
print(p[1].revents, p[2].revents == S.POLLOUT)
print(p[2].POLLOUT, p[2].OUT, p[2].out, p[2].POLLIN, p[2]['in'], p[2].hup)
print(p[1].events == S.POLLIN, p[2].events == S.POLLIN + S.POLLOUT)

assert(b:write('data'))
-- the object can be used again
p = assert(S.poll(p, 1000))
print(p[1].POLLIN, p[1].revents == S.POLLIN)
print(a:read())
assert(b:close())
p = assert(S.poll({{fd = a, events = S.POLLIN}}))
print(p[1].POLLIN, p[1].POLLHUP, p[1].err)
p = assert(S.poll({{fd = 1000, events = 'in'}}, 0))
print(p[1].nval, p[1].revents == S.POLLNVAL)
-- waits for the time given
local t0 = S.clock_gettime('monotonic').time
p = assert(S.poll({{fd = 1000, events = S.POLLIN}, {fd = -1, events = 'in'}}, 0))
print(p[2].revents)
print(#assert(S.poll({}, 30)), S.clock_gettime('monotonic').time - t0 >= 0.025)
local made = t.pollfds(2)
made[1] = {fd = 0, events = S.POLLIN}
print(#made, made[1].events)
print((pcall(S.poll, {{fd = 0, events = 'inside'}}, 0)))

-- select
sv = assert(S.socketpair('unix', 'stream'))
a, b = sv[1], sv[2]
local s = assert(S.select{readfds = {a, b}, timeout = 0})
print(s.count, #s.readfds, #s.writefds, #s.exceptfds)
assert(b:write('x'))
s = assert(S.select{readfds = {a, b}, writefds = {a}, timeout = {0, 0}})
print(s.count, #s.readfds, s.readfds[1] == a, #s.writefds)
s = assert(S.select{readfds = {a.fileno}, timeout = t.timeval(1)})
print(s.count, s.readfds[1] == a.fileno)
s = assert(S.select{writefds = {a, b}, exceptfds = {a}})
print(s.count, #s.writefds, #s.exceptfds)
local t0 = S.clock_gettime('monotonic').time
print(S.select{timeout = 0.03}.count, S.clock_gettime('monotonic').time - t0 >= 0.025)
local gone = a.fileno
assert(a:close())
local r, err = S.select{readfds = {gone}, timeout = 0}
print(r, err.badf)

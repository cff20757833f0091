-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- a TCP conversation with oneself
local S = require 'syscall'
local t = S.t

local l = assert(S.socket('inet', 'stream, cloexec'))
print(l:fcntl('getfd') == S.FD_CLOEXEC)
assert(l:setsockopt('socket', 'reuseaddr', true))
assert(l:bind(t.sockaddr_in(0, '127.0.0.1')))
local name = assert(l:getsockname())
print(name.family == S.AF_INET, name.port > 0, tostring(name.addr))
assert(l:listen(5))

-- a non-blocking listener has nothing yet
assert(l:nonblock())
local a, err = l:accept()
print(a, err.again)
assert(l:block())

local c = assert(S.socket('inet', 'stream'))
print(c:connect(name))
local a = assert(l:accept('cloexec'))
print(type(a.fd), a.addr.family == S.AF_INET, tostring(a.addr.addr), a.addr.port == c:getsockname().port)
print(a.fd:fcntl('getfd') == S.FD_CLOEXEC)
print(c:getpeername().port == name.port, tostring(a.fd:getpeername().addr))
local s = a.fd

local buf = t.buffer(64)
print(c:send('first'), s:recv(buf, 64), S.string(buf, 5))
print(c:write('second'), s:read())
print(s:send('abcdef', 3), c:read())
print(c:send('peeked'), s:recv(buf, 3, 'peek'), S.string(buf, 3), s:recv(buf, 64, 'dontwait'), S.string(buf, 6))
local n, err = s:recv(buf, 64, 'dontwait')
print(n, err.again)
print(c:writev{'gath', 'ered'}, s:recv(buf, 8, 'waitall'), S.string(buf, 8))

-- half close: the other side sees the end, and may still answer
print(c:shutdown('wr'), s:read() == '', s:send('answer'), c:read())
local n, err = c:send('x', nil, 'nosignal')
print(n, err.pipe)
print(s:close(), c:read() == '', c:close())

-- errors
local d = assert(S.socket('inet', 'stream'))
local ok, err = d:getpeername()
print(ok, err.notconn)
print(l:close())
local ok, err = d:connect(name)
print(ok, err.connrefused)
local e = assert(S.socket('inet', 'stream'))
local ok, err = e:bind(t.sockaddr_in(0, '192.0.2.1'))
print(ok, err.addrnotavail)
local ok, err = S.socket('inet', 'stream', S.IPPROTO_UDP)
print(ok, err.protonosupport)

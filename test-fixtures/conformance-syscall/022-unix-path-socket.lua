-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- a listening UNIX socket with a name in the file system
local S = require 'syscall'
local t = S.t
local path = '/tmp/ljs-unix-' .. S.getpid()
local function address(p)
    local ua = t.sockaddr_un()
    S.copy(ua.sun_path, p)
    return ua
end

local ua = address(path)
print(ua.sun_family == S.AF_UNIX, S.string(ua.sun_path) == path)
local l = assert(S.socket('unix', 'stream'))
print(l:bind(ua), S.stat(path).issock)
local again = assert(S.socket('unix', 'stream'))
local ok, err = again:bind(ua)
print(ok, err.addrinuse)
local c = assert(S.socket('unix', 'stream'))
local ok, err = c:connect(ua)
print(ok, err.connrefused)

assert(l:listen())
print(c:connect(ua))
local a = assert(l:accept())
print(a.addr.family == S.AF_UNIX, l:getsockname().family == S.AF_UNIX, c:getpeername().family == S.AF_UNIX)
print(c:write('question'), a.fd:read(), a.fd:write('answer'), c:read())
print(a.fd:close(), c:read() == '')
assert(c:close())

-- a nonblocking accept, with flags for the new descriptor
c = assert(S.socket('unix', 'stream, nonblock'))
assert(c:connect(ua))
a = assert(S.accept(l, 'nonblock, cloexec'))
print(a.fd:fcntl('getfl') == S.O_RDWR + S.O_NONBLOCK, a.fd:fcntl('getfd'))
local s, err = a.fd:read()
print(s, err.again)

-- datagrams with addresses on both sides
local one, two = assert(S.socket('unix', 'dgram')), assert(S.socket('unix', 'dgram'))
assert(one:bind(address(path .. '.1')))
assert(two:bind(address(path .. '.2')))
print(one:sendto('to two', nil, 0, address(path .. '.2')))
local buf = t.buffer(32)
local r = assert(two:recvfrom(buf, 32))
print(r.count, S.string(buf, r.count), r.addr.family == S.AF_UNIX)
print(two:connect(address(path .. '.1')), two:send('back'), one:read())
local ok, err = one:sendto('nobody', nil, 0, address(path .. '.3'))
print(ok, err.noent)

print(S.unlink(path), S.unlink(path .. '.1'), S.unlink(path .. '.2'))
local ok, err = again:connect(ua)
print(ok, err.noent)

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- dup takes over dup2 and dup3; fcntl by name
local S = require 'syscall'

local p = assert(S.pipe())
local d = assert(p[2]:dup())
print(d.fileno ~= p[2].fileno, d:write('via dup'), p[1]:read())
local d2 = assert(S.dup(p[2], 123))
print(d2.fileno, d2:write('dup2'), p[1]:read(), d2:fcntl('getfd'))
local d3 = assert(p[2]:dup(124, S.O_CLOEXEC))
print(d3.fileno, d3:fcntl('getfd') == S.FD_CLOEXEC)
local onto = assert(S.open('/dev/null', 'wronly'))
local again = assert(S.dup(p[2], onto))
print(again.fileno == onto.fileno, onto:write('replaced'), p[1]:read())
again:nogc()

local ok, err = S.dup(p[2], 125, 12345)
print(ok, err.inval)

-- F_DUPFD gives a descriptor object not below the argument
local f = assert(p[1]:fcntl('dupfd', 200))
print(f.fileno >= 200, f:fcntl('getfd'))
local g = assert(p[1]:fcntl('dupfd_cloexec', 210))
print(g.fileno >= 210, g:fcntl(S.F_GETFD))

-- flags
print(p[1]:fcntl('getfl') == S.O_RDONLY, p[2]:fcntl('getfl') == S.O_WRONLY)
print(p[1]:fcntl('setfl', 'nonblock'), p[1]:fcntl('getfl') == S.O_NONBLOCK)
local s, err = p[1]:read()
print(s, err.again)
print(p[1]:block(), p[1]:fcntl('getfl'))
print(p[1]:nonblock(), p[1]:fcntl('getfl') == S.O_NONBLOCK)
print(p[1]:fcntl('setfd', 'cloexec'), p[1]:fcntl('getfd'), p[1]:fcntl('setfd', 0), p[1]:fcntl('getfd'))

-- pipe size, and pipe2 through an argument
print(p[1]:fcntl('setpipe_sz', 8192), p[1]:fcntl('getpipe_sz'))
local q = assert(S.pipe('nonblock, cloexec'))
print(q[1]:fcntl('getfd'), q[2]:fcntl('getfd'), q[1]:fcntl('getfl') == S.O_NONBLOCK)
print(q[1]:close(), q[2]:close())
print(p[2]:fcntl('getown'), p[2]:fcntl('setown', S.getpid()), p[2]:fcntl('getown') == S.getpid())

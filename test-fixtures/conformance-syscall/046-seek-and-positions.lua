-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- tags: beyond-2012 (lseek could not be called there: the C library has no llseek)
-- lseek by name, beyond 4 GiB, and its errors
local S = require 'syscall'
local t = S.t
local path = '/tmp/ljs-seek-' .. S.getpid()
local fd = assert(S.open(path, 'creat, excl, rdwr', 'IRUSR, IWUSR'))
assert(S.unlink(path))
assert(fd:write('0123456789'))

print(fd:lseek(3, 'set') == 3, fd:read(nil, 2))
print(fd:lseek(1, 'cur') == 6, fd:read(nil, 2))
print(fd:lseek(-2, 'end') == 8, fd:read())
print(S.lseek(fd, 0, 'SEEK_SET') == 0, S.lseek(fd.fileno, 0, S.SEEK_CUR) == 0, fd:lseek(0) == 0)
print(tonumber(fd:lseek(0, 'END')))

-- numbers above 32 bits, and an explicit type
print(fd:lseek(2^34, 'set') == 2^34, fd:lseek(2^34, 'cur') == 2^35)
print(fd:lseek(t.loff(2^34), 'set') == t.loff(2^34), tonumber(fd:lseek(t.loff(5), 'cur')))
print(fd:write('x'), fd:stat().size)
print(tonumber(fd:lseek(-1, 'end')), fd:read())

-- dup shares the position
local d = assert(fd:dup())
assert(fd:lseek(2, 'set'))
print(d:read(nil, 3), fd:read(nil, 3))

-- errors, and names it does not know
local function sym(n, err) return n, err and err.sym end
print(sym(fd:lseek(-1, 'set')))
print(sym(S.lseek(-1, 0, 'set')))
print(sym(assert(S.pipe())[1]:lseek(0, 'set')))
print((pcall(fd.lseek, fd, 0, 'middle')))

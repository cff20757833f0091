-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- creat, excl, trunc, append, directory, nofollow; chmod, umask, access
local S = require 'syscall'
local path = '/tmp/ljs-open-' .. S.getpid()
local function sym(ok, err) return ok and 'ok' or err.sym end
local function perm(st) return st.mode % 4096 end

S.umask('IWGRP, IWOTH')
local fd = assert(S.open(path, 'creat, excl, wronly', 'IRWXU, IRWXG, IRWXO'))
print(perm(fd:stat()) == S.mode('IRWXU, IRGRP, IXGRP, IROTH, IXOTH'), perm(fd:stat()))
print(fd:write('first '))
assert(fd:close())
print(sym(S.open(path, 'creat, excl, wronly', 'IRWXU')))
fd = assert(S.open(path, 'wronly, append'))
print(fd:write('second'), S.readfile(path))
assert(fd:close())
fd = assert(S.open(path, 'rdwr, trunc'))
print(fd:stat().size)
assert(fd:close())
print(sym(S.open(path, 'rdonly, directory')), sym(S.open('/tmp', 'rdwr')))
assert(S.symlink(path, path .. '.l'))
print(sym(S.open(path .. '.l', 'rdonly')), sym(S.open(path .. '.l', 'rdonly, nofollow')))
assert(S.unlink(path .. '.l'))

-- creat is open for writing with creat and trunc
fd = assert(S.creat(path, 'IRUSR, IWUSR'))
local s, err = fd:read()
print(s, err.badf, fd:write('abc'))

-- modes: numbers or names, by path or descriptor
print(S.chmod(path, 'IRUSR'), perm(S.stat(path)))
print(fd:chmod('IRUSR, IWUSR, ISUID'), perm(fd:stat()))
print(fd:fchmod(420), perm(fd:stat()))
print(sym(S.chmod(path .. '.x', 420)))

-- access: letters or the sum of R_OK, W_OK, X_OK
print(sym(S.access(path, 'rw')), sym(S.access(path, 'RW')), sym(S.access(path, 'x')))
print(sym(S.access(path, S.R_OK + S.W_OK)), sym(S.access(path)), sym(S.access(path .. '.x', S.F_OK)))

-- umask returns the previous mask
print(S.umask(63), S.umask('IRWXO'), S.umask(18))
print(S.unlink(path), sym(S.unlink(path)))
assert(fd:close())

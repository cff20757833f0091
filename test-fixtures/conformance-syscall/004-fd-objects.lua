-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- descriptors are objects with fileno and methods; numbers work as well
local S = require 'syscall'

local fd = assert(S.open('/dev/zero', 'rdwr'))
local n = fd.fileno
print(type(n), n > 2)
print(fd:read(nil, 4) == ('\0'):rep(4), S.read(fd, nil, 4) == ('\0'):rep(4), S.read(n, nil, 2) == '\0\0')
print(fd:write('abc'), S.write(fd, 'abcd'), S.write(n, 'abcde'))
print(fd:stat().ischr, S.fstat(fd).major, S.fstat(n).minor)

-- methods without the leading f mean the same
local st1, st2 = fd:stat(), fd:fstat()
print(st1.ino == st2.ino, st1.rdev == S.makedev(1, 5))

-- closing twice is harmless, and does not touch a number that was reused
print(fd:close(), fd.fileno)
local other = assert(S.open('/dev/null', 'rdwr'))
print(other.fileno == n)
print(fd:close(), S.close(fd))
print(other:write('still open'))
local r, err = fd:read(nil, 1)
print(r, err.badf)

-- closing by number is a plain close(2)
local m = other.fileno
print(S.close(m))
local ok, err = S.close(m)
print(ok, err.EBADF)
local ok, err = other:close()
print(ok, err.EBADF, other.fileno)
print(other:close())

-- the standard three
print(S.stdin.fileno, S.stdout.fileno, S.stderr.fileno)
print(S.fstat(S.stdout).ino == S.fstat(1).ino)
-- an object can be made from a number, and then owns it
local raw = assert(S.dup(0, 130))
raw:nogc()
local own = S.t.fd(raw.fileno)
print(own.fileno, own:close(), own.fileno)
local ok, err = S.fstat(130)
print(ok, err.badf)

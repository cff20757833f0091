-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- read into strings and into buffers, write from both, positions
local S = require 'syscall'
local t = S.t
local path = '/tmp/ljs-rw-' .. S.getpid()

local fd = assert(S.open(path, 'creat, excl, rdwr', 'IRUSR, IWUSR'))
print(fd:write('hello world'))                 -- whole string
print(fd:write('!?.,', 2))                     -- only the first two bytes
local buf = t.buffer(8)
S.copy(buf, 'abcdefg')                         -- copies the terminating zero too
print(fd:write(buf, 3))
print((pcall(fd.write, fd, buf)))              -- a buffer has no length of its own
print(fd:stat().size)
assert(fd:close())

fd = assert(S.open(path))
print(fd:read(nil, 5))                         -- string of at most 5
print(fd:read(buf, 4), S.string(buf, 4))       -- number of bytes
print(fd:read())                               -- rest, up to 4096
print(fd:read() == '', fd:read(buf, 4))        -- end of file
print(fd:pread(buf, 5, 6), S.string(buf, 5))
print(fd:pread(buf, 8, 12), S.string(buf, 4))
local n, err = fd:write('x')
print(n, err.badf)
assert(fd:close())

fd = assert(S.open(path, 'rdwr'))
print(fd:pwrite('HELLO', nil, 0), fd:pwrite('WORLD', 1, 6))
print(fd:read(nil, 11))                        -- pwrite left the position alone
assert(fd:close())

-- bytes, not text
local bin = '\0\1\255\n\0'
assert(S.writefile(path, bin))
print(S.readfile(path):sub(1, 5) == bin)
-- a default read is limited to 4096 bytes
assert(S.writefile(path, ('x'):rep(5000), 'IRWXU'))
fd = assert(S.open(path))
print(#fd:read(), #fd:read(), #fd:read())
print(#S.readfile(path, nil, 100), S.readfile(path, t.buffer(10), 10))
assert(fd:close())
-- readfile and writefile report errors
print(S.unlink(path))
local ok, err = S.readfile(path)
print(ok, err.noent)
local ok, err = S.writefile(path, 'no mode: does not create')
print(ok, err.noent)

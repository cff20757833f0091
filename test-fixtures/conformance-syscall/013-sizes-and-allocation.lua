-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- truncate and ftruncate beyond 4 GiB, allocation, advice, syncing
local S = require 'syscall'
local t = S.t
local path = '/tmp/ljs-size-' .. S.getpid()
local function sym(ok, err) return ok and 'ok' or err.sym end

local fd = assert(S.creat(path, 'IRUSR, IWUSR'))
print(fd:write('0123456789'), fd:stat().size)
print(S.truncate(path, 4), fd:stat().size, S.readfile(path))
print(fd:truncate(6), fd:stat().size, S.readfile(path) == '0123\0\0')

-- 64-bit sizes: Lua numbers, or an explicit 64-bit type
print(fd:ftruncate(2^35), fd:stat().size == 2^35)
print(S.truncate(path, 2^33 + 1), S.stat(path).size)
print(fd:truncate(t.loff(5000000000)), fd:stat().size)
print(fd:stat().st_size == 5000000000, tonumber(fd:stat().st_size))
print(fd:stat().blocks < 1000)                       -- a hole, not data
print(fd:pwrite('far', nil, 4999999990), fd:stat().size)
local r = assert(S.open(path))
local buf = t.buffer(16)
print(r:pread(buf, 16, 4999999989), S.string(buf, 4) == '\0far')
print(r:pread(buf, 3, t.loff(4999999990)), S.string(buf, 3))
print(sym(S.truncate(path, -1)), sym(r:truncate(1)), sym(S.truncate(path .. 'x', 1)))

-- allocation
print(fd:truncate(0), fd:fallocate(nil, 0, 8192), fd:stat().size)
print(fd:fallocate('keep_size', 0, 65536), fd:stat().size, fd:stat().blocks >= 128)
print(fd:posix_fallocate(0, 10000), fd:stat().size)
print(sym(S.fallocate(fd, 0, 0, 0)), sym(S.fallocate(1000, 0, 0, 10)))

-- advice and syncing
print(fd:posix_fadvise('sequential'), fd:posix_fadvise('dontneed', 0, 4096), r:readahead(0, 4096))
print(fd:fsync(), fd:fdatasync(), fd:sync(), fd:datasync())
print(fd:sync_file_range(0, 4096, 'wait_before, write, wait_after'), fd:sync_file_range(0, 0, 0))
print(sym(S.fsync(1000)), sym(S.fdatasync(1000)), (pcall(fd.sync_file_range, fd, 0, 1, 'later')))
S.sync()
print(S.unlink(path), fd:stat().nlink, fd:close(), r:close())

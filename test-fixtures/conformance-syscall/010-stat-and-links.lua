-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- stat, lstat, fstat: raw fields and friendly ones; link, symlink, readlink
local S = require 'syscall'
local t = S.t
local path = '/tmp/ljs-stat-' .. S.getpid()

assert(S.writefile(path, 'twelve bytes', 'IRUSR, IWUSR'))
local st = assert(S.stat(path))
print(st.size, tonumber(st.st_size), st.st_size == 12)
print(st.isreg, st.isdir, st.islnk, st.ischr, st.isblk, st.isfifo, st.issock)
print(st.mode == S.mode('IFREG, IRUSR, IWUSR'), st.mode == st.st_mode, st.nlink)
print(st.uid == S.geteuid(), type(st.gid), st.rdev, st.blksize > 0, st.blocks > 0)
print(type(st.ino), st.ino > 0, type(st.dev), st.dev > 0)
local now = S.time()
print(math.abs(now - st.mtime) < 60, math.abs(now - st.ctime) < 60, type(st.atime))
print(st.nosuchfield)

-- into a structure of one's own
local own = t.stat()
print(S.stat(path, own) == own, own.size)

-- devices
local zero = assert(S.stat('/dev/zero'))
print(zero.ischr, zero.major, zero.minor, zero.rdev == S.makedev(1, 5))
print(S.major(S.makedev(300, 70000)), S.minor(S.makedev(300, 70000)), S.makedev(8, 17))
print(S.S_ISCHR(zero.st_mode), S.S_ISREG(zero.st_mode), S.S_ISDIR(S.stat('/').mode))
local s = assert(S.socket('unix', 'stream'))
print(s:stat().issock, s:stat().isreg)

-- hard links
print(S.link(path, path .. '.2'), S.stat(path).nlink, S.stat(path .. '.2').ino == st.ino)
print(S.unlink(path .. '.2'), S.stat(path).nlink)

-- symbolic links
print(S.symlink(path, path .. '.s'), S.readlink(path .. '.s') == path)
print(S.lstat(path .. '.s').islnk, S.stat(path .. '.s').isreg, S.lstat(path .. '.s').size == #path)
local ok, err = S.symlink(path, path .. '.s')
print(ok, err.exist)
local ok, err = S.readlink(path)
print(ok, err.inval)
-- long targets come back whole
local long = ('d/'):rep(700) .. 'e'
print(S.symlink(long, path .. '.long'), S.readlink(path .. '.long') == long)
local ok, err = S.stat(path .. '.long')
print(ok, err.noent)
print(S.unlink(path .. '.long'), S.unlink(path .. '.s'), S.unlink(path))
local ok, err = S.fstat(1000)
print(ok, err.badf)

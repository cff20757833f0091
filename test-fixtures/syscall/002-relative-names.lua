-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The calls that take a directory, and what 2012 had none for: renaming, owners, special files, handles.
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
local S = require 'syscall'
local function sym (ok, err) return ok and 'ok' or err.sym end

local path = '/tmp/syscall-at-' .. S.getpid()
assert(S.mkdir(path, 'irwxu'))
local dir = assert(S.open(path, 'rdonly, directory, cloexec'))

local file = assert(S.openat(dir, 'a', 'creat, excl, rdwr', 'irusr, iwusr'))
print(file:write('hello'), file:close())
print(sym(S.faccessat(dir, 'a', 'rw')), sym(S.faccessat(dir, 'b')), sym(S.faccessat(dir, 'a', 'r', 'eaccess')))
print(S.fchmodat(dir, 'a', 'irusr'), S.fstatat(dir, 'a').mode == S.mode('ifreg, irusr'))
print(S.fstatat(nil, path .. '/a').size, sym(S.fstatat(dir, 'none')), sym(S.fstatat('fdcwd', path .. '/a')))

-- names
print(S.linkat(dir, 'a', dir, 'b'), S.fstatat(dir, 'a').nlink, S.symlinkat('a', dir, 's'), S.readlinkat(dir, 's'))
print(S.fstatat(dir, 's').isreg, S.fstatat(dir, 's', nil, 'symlink_nofollow').islnk)
print(S.renameat(dir, 'b', dir, 'c'), sym(S.renameat(dir, 'a', dir, 'c', 'noreplace')), S.renameat2(dir, 'a', dir, 's', 'exchange'))
print(S.fstatat(dir, 'a', nil, 'symlink_nofollow').islnk, S.rename(path .. '/c', path .. '/d'), sym(S.rename(path .. '/c', path .. '/d')))
print(S.mkdirat(dir, 'sub', 'irwxu'), sym(S.unlinkat(dir, 'sub')), S.unlinkat(dir, 'sub', 'removedir'))
print(dir:mkdirat('m', 'irwxu'), dir:fstatat('m').isdir, dir:unlinkat('m', 'removedir'), sym(dir:faccessat('m')), dir:readlinkat('a'))

-- special files; devices are for the privileged
print(S.mkfifo(path .. '/f1', 'irusr, iwusr'), S.mkfifoat(dir, 'f2', 'irusr'), S.fstatat(dir, 'f1').isfifo, S.stat(path .. '/f2').isfifo)
print(S.mknod(path .. '/n', 'ifreg, irusr'), S.stat(path .. '/n').isreg, S.stat(path .. '/n').size)
local ok, err = S.mknodat(dir, 'null', 'ifchr, irusr', S.makedev(1, 3))
print(ok and S.fstatat(dir, 'null').minor == 3 or err.EPERM)
S.unlinkat(dir, 'null')

-- owners: those one has already may always be set
print(S.chown(path, S.geteuid(), S.getegid()), S.lchown(path .. '/a', nil, S.getegid()), dir:chown(-1, -1), S.fchownat(dir, 'd', -1, -1))

-- times
print(S.utimensat(dir, 'd', { 1.5, 'omit' }), S.fstatat(dir, 'd').atime, S.futimesat(dir, 'd', { { 3, 4 }, { 5, 6 } }), S.fstatat(dir, 'd').mtime)
print(tonumber(S.fstatat(dir, 'd').st_mtime_nsec), S.futimesat(dir, 'd'), S.fstatat(dir, 'd').mtime > 5)

-- statx
local st = assert(S.statx(dir, 'd'))
print(st.size, st.ino == S.fstatat(dir, 'd').ino, st.dev == S.fstatat(dir, 'd').dev, st.isreg, st.isdir, st.nosuchfield)
print(S.statx(dir, '', 'empty_path').isdir, bit.band(S.statx(dir, 'd', nil, 'size').mask, S.STATX_SIZE) ~= 0)

-- openat2
local how = { flags = 'rdonly', resolve = 'beneath, no_symlinks' }
print(S.openat2(dir, 'd', how):read(), sym(S.openat2(dir, 'a', how)), sym(S.openat2(dir, '../passwd', { resolve = 'beneath' })))
print((pcall(S.openat2, dir, 'd', { resolve = 'above' })))

-- a program by descriptor
local pid = assert(S.fork())
if pid == 0 then
  S.execveat(S.open('/bin/sh', 'path'), '', { 'sh', '-c', 'exit 6' }, {}, 'empty_path')
  S._exit(1)
end
print(S.waitpid(pid).EXITSTATUS)

-- handles; to open one takes a privilege
local handle, why = S.name_to_handle_at(dir, 'd')
print(handle and #handle.handle > 0 and type(handle.mount_id) == 'number' or why.EOPNOTSUPP)
if handle then
  local opened, refused = S.open_by_handle_at(dir, handle)
  print(opened and opened:read() == 'hello' or refused.EPERM or refused.ESTALE)
else
  print(true)
end

for name in pairs(assert(dir:getdents())) do
  if name ~= '.' and name ~= '..' then assert(S.unlinkat(dir, name)) end
end
print(S.rmdir(path), dir:close())

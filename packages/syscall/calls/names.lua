-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Names in the file system, and what is known of what they name.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local descriptors = import 'core/descriptors'
local C, nr = call.C, call.numbers
local checked = types.path
local bool, object = call.bool, call.object
local fileno = descriptors.fileno

ffi.cdef [[
int sys_linkat(long, int olddir, const char *old, int newdir, const char *new, int flags) __asm__("syscall");
int sys_symlinkat(long, const char *target, int newdir, const char *new) __asm__("syscall");
int sys_unlinkat(long, int dirfd, const char *path, int flags) __asm__("syscall");
int sys_readlinkat(long, int dirfd, const char *path, char *buffer, size_t size) __asm__("syscall");
int sys_mkdirat(long, int dirfd, const char *path, unsigned int mode) __asm__("syscall");
int sys_chdir(long, const char *path) __asm__("syscall");
int sys_fchdir(long, int fd) __asm__("syscall");
int sys_getcwd(long, char *buffer, size_t size) __asm__("syscall");
int sys_newfstatat(long, int dirfd, const char *path, void *stat, int flags) __asm__("syscall");
int sys_fstat(long, int fd, void *stat) __asm__("syscall");
int sys_faccessat(long, int dirfd, const char *path, int mode) __asm__("syscall");
int sys_fchmodat(long, int dirfd, const char *path, unsigned int mode) __asm__("syscall");
int sys_fchmod(long, int fd, unsigned int mode) __asm__("syscall");
int sys_umask(long, unsigned int mask) __asm__("syscall");
int sys_utimensat(long, int dirfd, const char *path, const void *times, int flags) __asm__("syscall");
int sys_statfs(long, const char *path, void *statfs) __asm__("syscall");
int sys_fstatfs(long, int fd, void *statfs) __asm__("syscall");
int sys_ustat(long, unsigned int dev, void *ustat) __asm__("syscall");
int sys_acct(long, const char *path) __asm__("syscall");
]]

local cwd, no_follow, remove_directory = -100, 0x100, 0x200
local mode_flags = flags.mode

function S.mode (mode) return mode_flags(mode) end

function S.link (old, new) return bool(C.sys_linkat(nr.linkat, cwd, checked(old), cwd, checked(new), 0)) end
function S.symlink (target, new) return bool(C.sys_symlinkat(nr.symlinkat, checked(target), cwd, checked(new))) end
function S.unlink (path) return bool(C.sys_unlinkat(nr.unlinkat, cwd, checked(path), 0)) end
function S.mkdir (path, mode) return bool(C.sys_mkdirat(nr.mkdirat, cwd, checked(path), mode_flags(mode))) end
function S.rmdir (path) return bool(C.sys_unlinkat(nr.unlinkat, cwd, checked(path), remove_directory)) end

-- A call that fills a buffer, and is repeated with a larger one while the answer does not fit.
local function read_link (dirfd, path)
  local size = 256
  while true do
    local buffer = ffi.new('char[?]', size)
    local n, err = call.number(C.sys_readlinkat(nr.readlinkat, dirfd, checked(path), buffer, size))
    if not n then return nil, err end
    if n < size then return ffi.string(buffer, n) end
    size = size * 4
  end
end

function S.readlink (path) return read_link(cwd, path) end

function S.chdir (path) return bool(C.sys_chdir(nr.chdir, checked(path))) end
function S.fchdir (fd) return bool(C.sys_fchdir(nr.fchdir, fileno(fd))) end
function S.chroot (path) return bool(C.sys_chdir(nr.chroot, checked(path))) end

function S.getcwd ()
  local size = 256
  while true do
    local buffer = ffi.new('char[?]', size)
    local n, err = call.number(C.sys_getcwd(nr.getcwd, buffer, size))
    if n then return ffi.string(buffer) end
    if not err.ERANGE or size > 2^20 then return nil, err end
    size = size * 4
  end
end

local into_stat, into_statfs = types.into 'stat', types.into 'statfs'

function S.stat (path, buffer)
  buffer = into_stat(buffer)
  return object(C.sys_newfstatat(nr.newfstatat, cwd, checked(path), buffer, 0), buffer)
end

function S.lstat (path, buffer)
  buffer = into_stat(buffer)
  return object(C.sys_newfstatat(nr.newfstatat, cwd, checked(path), buffer, no_follow), buffer)
end

function S.fstat (fd, buffer)
  buffer = into_stat(buffer)
  return object(C.sys_fstat(nr.fstat, fileno(fd), buffer), buffer)
end

local letters = { r = S.R_OK, w = S.W_OK, x = S.X_OK }
local function access_mode (mode)
  if mode == nil then return S.F_OK end
  if type(mode) == 'number' then return mode end
  arguments.text(mode, 'letters of r, w and x', 4)
  local sum = 0
  for letter in mode:lower():gmatch('.') do
    sum = bit.bor(sum, letters[letter] or error('invalid access flag: ' .. letter, 3))
  end
  return sum
end

function S.access (path, mode) return bool(C.sys_faccessat(nr.faccessat, cwd, checked(path), access_mode(mode))) end
function S.chmod (path, mode) return bool(C.sys_fchmodat(nr.fchmodat, cwd, checked(path), mode_flags(mode))) end
function S.fchmod (fd, mode) return bool(C.sys_fchmod(nr.fchmod, fileno(fd), mode_flags(mode))) end
function S.umask (mask) return C.sys_umask(nr.umask, mode_flags(mask)) end

-- Two timespecs of {access, modification}, or nil for now.
local special = flags.one('UTIME_')
local function file_times (times)
  if times == nil then return nil end
  if type(times) ~= 'table' then return arguments.object(times, types.t.timespec2, 'two times') end
  local pair = types.t.timespec2()
  for i = 1, 2 do
    local time = times[i]
    if type(time) == 'string' then
      pair[i - 1].tv_nsec = special(time)
    else
      pair[i - 1] = types.t.timespec(time)
    end
  end
  return pair
end

function S.futimens (fd, times)
  return bool(C.sys_utimensat(nr.utimensat, fileno(fd), nil, file_times(times), 0))
end

function S.statfs (path)
  local buffer = into_statfs()
  return object(C.sys_statfs(nr.statfs, checked(path), buffer), buffer)
end

function S.fstatfs (fd)
  local buffer = into_statfs()
  return object(C.sys_fstatfs(nr.fstatfs, fileno(fd), buffer), buffer)
end

-- x86-64 only; the kernel's encoding of devices in 32 bits.
function S.ustat (dev)
  if not nr.ustat then return call.fail(S.E.ENOSYS) end
  local buffer = types.t.ustat()
  local major, minor = S.major(dev), S.minor(dev)
  local encoded = minor % 256 + major % 4096 * 256 + math.floor(minor / 256) % 4096 * 2^20
  return object(C.sys_ustat(nr.ustat, encoded, buffer), buffer)
end

function S.acct (path) return bool(C.sys_acct(nr.acct, checked(path))) end

-- Linux splits device numbers: 8 low bits and the rest of the minor around 12 bits and the rest of the major.
local floor = math.floor

function S.major (dev)
  dev = arguments.number(dev, 'the number of a device')
  return floor(dev / 2^8) % 2^12 + floor(dev / 2^44) * 2^12
end

function S.minor (dev)
  dev = arguments.number(dev, 'the number of a device')
  return dev % 2^8 + floor(dev / 2^20) % 2^24 * 2^8
end

function S.makedev (major, minor)
  major, minor = arguments.number(major, 'a major number'), arguments.number(minor, 'a minor number')
  return minor % 2^8 + major % 2^12 * 2^8 + floor(minor / 2^8) * 2^20 + floor(major / 2^12) * 2^44
end

local function has_kind (kind)
  return function (mode) return bit.band(mode, S.S_IFMT) == kind end
end
S.S_ISREG = has_kind(S.S_IFREG)
S.S_ISDIR = has_kind(S.S_IFDIR)
S.S_ISCHR = has_kind(S.S_IFCHR)
S.S_ISBLK = has_kind(S.S_IFBLK)
S.S_ISFIFO = has_kind(S.S_IFIFO)
S.S_ISLNK = has_kind(S.S_IFLNK)
S.S_ISSOCK = has_kind(S.S_IFSOCK)

return { file_times = file_times, access_mode = access_mode, read_link = read_link }

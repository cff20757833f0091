-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Names relative to the descriptor of a directory, which comes first; nil and "fdcwd" are the current directory.
-- And what 2012 had no calls for: renaming, owners, special files, handles.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local descriptors = import 'core/descriptors'
local names = import 'calls/names'
local C, nr = call.C, call.numbers
local checked = types.path
local bool, object = call.bool, call.object
local directory, fileno, new_fd = descriptors.directory, descriptors.fileno, descriptors.new
local t = types.t

ffi.cdef [[
int sys_openat(long, int dirfd, const char *path, int flags, unsigned int mode) __asm__("syscall");
int sys_openat2(long, int dirfd, const char *path, const void *how, size_t size) __asm__("syscall");
int sys_faccessat2(long, int dirfd, const char *path, int mode, int flags) __asm__("syscall");
int sys_fchownat(long, int dirfd, const char *path, unsigned int uid, unsigned int gid, int flags) __asm__("syscall");
int sys_fchown(long, int fd, unsigned int uid, unsigned int gid) __asm__("syscall");
int sys_renameat2(long, int olddir, const char *old, int newdir, const char *new, unsigned int flags) __asm__("syscall");
int sys_mknodat(long, int dirfd, const char *path, unsigned int mode, unsigned int dev) __asm__("syscall");
int sys_statx(long, int dirfd, const char *path, int flags, unsigned int mask, void *statx) __asm__("syscall");
int sys_execveat(long, int dirfd, const char *path, const char *const *argv, const char *const *envp, int flags)
  __asm__("syscall");
int sys_name_to_handle_at(long, int dirfd, const char *path, void *handle, int *mount, int flags) __asm__("syscall");
int sys_open_by_handle_at(long, int mount, const void *handle, int flags) __asm__("syscall");
]]

local cwd = -100
local at_flags, mode_flags, open_flags = flags.list('AT_'), flags.mode, flags.open

function S.openat (dir, path, how, mode)
  return new_fd(C.sys_openat(nr.openat, directory(dir), checked(path), open_flags(how), mode_flags(mode)))
end

local resolve = flags.list('RESOLVE_')

-- `how` is a table of flags, mode and resolve, names or numbers.
function S.openat2 (dir, path, how)
  how = arguments.optional_table(how)
  local open_how = t.open_how(open_flags(how.flags) % 2^32, mode_flags(how.mode), resolve(how.resolve) % 2^32)
  return new_fd(C.sys_openat2(nr.openat2, directory(dir), checked(path), open_how, ffi.sizeof(open_how)))
end

function S.faccessat (dir, path, mode, how)
  return bool(C.sys_faccessat2(nr.faccessat2, directory(dir), checked(path), names.access_mode(mode), at_flags(how)))
end

function S.fchmodat (dir, path, mode)
  return bool(C.sys_fchmodat(nr.fchmodat, directory(dir), checked(path), mode_flags(mode)))
end

-- -1, or nil, leaves the owner or the group as it is.
local function id (number) return arguments.number(number or -1, 'the number of an owner') % 2^32 end

function S.fchownat (dir, path, uid, gid, how)
  return bool(C.sys_fchownat(nr.fchownat, directory(dir), checked(path), id(uid), id(gid), at_flags(how)))
end

function S.chown (path, uid, gid) return bool(C.sys_fchownat(nr.fchownat, cwd, checked(path), id(uid), id(gid), 0)) end

function S.lchown (path, uid, gid)
  return bool(C.sys_fchownat(nr.fchownat, cwd, checked(path), id(uid), id(gid), S.AT_SYMLINK_NOFOLLOW))
end

function S.fchown (fd, uid, gid) return bool(C.sys_fchown(nr.fchown, fileno(fd), id(uid), id(gid))) end

local into_stat = types.into 'stat'
function S.fstatat (dir, path, buffer, how)
  buffer = into_stat(buffer)
  return object(C.sys_newfstatat(nr.newfstatat, directory(dir), checked(path), buffer, at_flags(how)), buffer)
end

function S.linkat (old_dir, old, new_dir, new, how)
  return bool(C.sys_linkat(nr.linkat, directory(old_dir), checked(old), directory(new_dir), checked(new), at_flags(how)))
end

function S.symlinkat (target, dir, new) return bool(C.sys_symlinkat(nr.symlinkat, checked(target), directory(dir), checked(new))) end
function S.unlinkat (dir, path, how) return bool(C.sys_unlinkat(nr.unlinkat, directory(dir), checked(path), at_flags(how))) end
function S.mkdirat (dir, path, mode) return bool(C.sys_mkdirat(nr.mkdirat, directory(dir), checked(path), mode_flags(mode))) end
function S.readlinkat (dir, path) return names.read_link(directory(dir), path) end

function S.utimensat (dir, path, times, how)
  return bool(C.sys_utimensat(nr.utimensat, directory(dir), checked(path), names.file_times(times), at_flags(how)))
end

-- Times as timevals, or {seconds, microseconds}.
function S.futimesat (dir, path, times)
  local exact
  if times ~= nil then
    arguments.table(times, 'a list of two times')
    exact = t.timespec2()
    for i = 1, 2 do
      local time = t.timeval(times[i])
      exact[i - 1].tv_sec, exact[i - 1].tv_nsec = time.tv_sec, time.tv_usec * 1000
    end
  end
  return bool(C.sys_utimensat(nr.utimensat, directory(dir), checked(path), exact, 0))
end

local rename_flags = flags.list('RENAME_')
function S.renameat (old_dir, old, new_dir, new, how)
  return bool(C.sys_renameat2(nr.renameat2, directory(old_dir), checked(old), directory(new_dir), checked(new), rename_flags(how)))
end
S.renameat2 = S.renameat

function S.rename (old, new) return bool(C.sys_renameat2(nr.renameat2, cwd, checked(old), cwd, checked(new), 0)) end

-- The mode has the kind of file, "ifchr, irusr"; a device has a number.
function S.mknodat (dir, path, mode, dev)
  dev = dev or 0
  local major, minor = S.major(dev), S.minor(dev)
  local encoded = minor % 256 + major % 4096 * 256 + math.floor(minor / 256) % 4096 * 2^20
  return bool(C.sys_mknodat(nr.mknodat, directory(dir), checked(path), mode_flags(mode), encoded))
end

function S.mknod (path, mode, dev) return S.mknodat(nil, path, mode, dev) end

function S.mkfifoat (dir, path, mode)
  return S.mknodat(dir, path, bit.bor(mode_flags(mode), S.S_IFIFO))
end

function S.mkfifo (path, mode) return S.mkfifoat(nil, path, mode) end

local statx_mask, into_statx = flags.list('STATX_'), types.into 'statx'

-- Without a mask what stat knows, and the time of birth.
function S.statx (dir, path, how, mask, buffer)
  buffer = into_statx(buffer)
  mask = mask == nil and S.STATX_BASIC_STATS + S.STATX_BTIME or statx_mask(mask) % 2^32
  return object(C.sys_statx(nr.statx, directory(dir), checked(path) or '', at_flags(how), mask, buffer), buffer)
end

function S.execveat (dir, path, argv, envp, how)
  local strings = import('calls/processes').strings
  local arguments, environment = strings(argv), strings(envp)
  return bool(C.sys_execveat(nr.execveat, directory(dir), checked(path), arguments, environment, at_flags(how)))
end

-- The handle of a file, a string, with its type and the number of the mount.
function S.name_to_handle_at (dir, path, how)
  local header_size = 8
  local handle, mount = t.file_handle(S.MAX_HANDLE_SZ), ffi.new('int[1]')
  handle.handle_bytes = S.MAX_HANDLE_SZ
  local ok, err = bool(C.sys_name_to_handle_at(nr.name_to_handle_at, directory(dir), checked(path), handle, mount, at_flags(how)))
  if not ok then return nil, err end
  local bytes = ffi.string(ffi.cast('char *', handle) + header_size, handle.handle_bytes)
  return { handle = bytes, type = handle.handle_type, mount_id = mount[0] }
end

-- `mount` is a descriptor of anything on the file system that the handle is from.
function S.open_by_handle_at (mount, handle, how)
  local bytes = arguments.text(arguments.table(handle, 'a handle').handle, 'the bytes of a handle')
  local raw = t.file_handle(#bytes)
  raw.handle_bytes, raw.handle_type = #bytes, handle.type
  ffi.copy(raw.f_handle, bytes, #bytes)
  return new_fd(C.sys_open_by_handle_at(nr.open_by_handle_at, directory(mount), raw, open_flags(how)))
end

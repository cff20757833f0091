-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Opening, reading, writing, positions and sizes.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local descriptors = import 'core/descriptors'
local C, nr = call.C, call.numbers
local checked = types.path
local bool, number, long = call.bool, call.number, call.long
local fileno, new_fd = descriptors.fileno, descriptors.new
local check_room = types.check_room

ffi.cdef [[
int sys_openat(long, int dirfd, const char *path, int flags, unsigned int mode) __asm__("syscall");
int sys_read(long, int fd, void *buffer, size_t count) __asm__("syscall");
int sys_write(long, int fd, const void *buffer, size_t count) __asm__("syscall");
int sys_pread64(long, int fd, void *buffer, size_t count, int64_t offset) __asm__("syscall");
int sys_pwrite64(long, int fd, const void *buffer, size_t count, int64_t offset) __asm__("syscall");
int sys_readv(long, int fd, const void *vector, int count) __asm__("syscall");
int sys_preadv2(long, int fd, const void *vector, int count, int64_t low, int64_t high, int flags) __asm__("syscall");
int64_t sys_lseek(long, int fd, int64_t offset, int whence) __asm__("syscall");
int64_t sys_sendfile(long, int out, int in, int64_t *offset, size_t count) __asm__("syscall");
int64_t sys_splice(long, int in, int64_t *off_in, int out, int64_t *off_out, size_t len, unsigned int flags) __asm__("syscall");
int64_t sys_tee(long, int in, int out, size_t len, unsigned int flags) __asm__("syscall");
int64_t sys_vmsplice(long, int fd, const void *vector, size_t count, unsigned int flags) __asm__("syscall");
int sys_fsync(long, int fd) __asm__("syscall");
int sys_sync(long) __asm__("syscall");
int sys_sync_file_range(long, int fd, int64_t offset, int64_t count, unsigned int flags) __asm__("syscall");
int sys_fadvise64(long, int fd, int64_t offset, int64_t len, int advice) __asm__("syscall");
int sys_fallocate(long, int fd, int mode, int64_t offset, int64_t len) __asm__("syscall");
int64_t sys_readahead(long, int fd, int64_t offset, size_t count) __asm__("syscall");
int sys_truncate(long, const char *path, int64_t length) __asm__("syscall");
int sys_ftruncate(long, int fd, int64_t length) __asm__("syscall");
]]

local at_current_directory = -100
local open_flags, mode_flags = flags.open, flags.mode

-- 64-bit programs always open large files; the flag shows in F_GETFL, as with the C library.
function S.open (path, how, mode)
  return new_fd(C.sys_openat(nr.openat, at_current_directory, checked(path), open_flags(how), mode_flags(mode)))
end

function S.creat (path, mode)
  local how = S.O_CREAT + S.O_WRONLY + S.O_TRUNC
  return new_fd(C.sys_openat(nr.openat, at_current_directory, checked(path), how, mode_flags(mode)))
end

local default_size = 4096

function S.read (fd, buffer, count)
  local n = fileno(fd)
  if buffer then
    check_room(buffer, count)
    return number(C.sys_read(nr.read, n, buffer, count))
  end
  count = arguments.count(count or default_size, 1)
  buffer = ffi.new('char[?]', count)
  local got, err = number(C.sys_read(nr.read, n, buffer, count))
  if not got then return nil, err end
  return ffi.string(buffer, got)
end

-- How many bytes to send: of strings not more than they have.
local function length_of (data, count)
  if type(data) == 'string' then
    if count == nil then return #data end
    count = arguments.number(count, 'a count', 4)
    if not (count >= 0) then error('a count is not below 0', 3) end
    return count > #data and #data or count
  end
  if count == nil then error('a buffer needs a count', 3) end
  check_room(data, count)
  return count
end

function S.write (fd, data, count)
  return number(C.sys_write(nr.write, fileno(fd), data, length_of(data, count)))
end

function S.pread (fd, buffer, count, offset)
  check_room(buffer, count)
  return number(C.sys_pread64(nr.pread64, fileno(fd), buffer, count, offset))
end

function S.pwrite (fd, data, count, offset)
  return number(C.sys_pwrite64(nr.pwrite64, fileno(fd), data, length_of(data, count), offset))
end

local function vector (v)
  if type(v) == 'table' then return types.t.iovecs(v) end
  if not ffi.istype(types.t.iovecs, v) then error('a list of buffers was expected, not a ' .. type(v), 3) end
  return v
end

function S.readv (fd, iov)
  iov = vector(iov)
  return number(C.sys_readv(nr.readv, fileno(fd), iov.iov, iov.count))
end

function S.writev (fd, iov)
  iov = vector(iov)
  return number(C.sys_readv(nr.writev, fileno(fd), iov.iov, iov.count))
end

-- preadv and pwritev, with flags of RWF_ preadv2 and pwritev2; offset -1 is the file's position then.
local rwf = flags.list('RWF_')

function S.preadv (fd, iov, offset, how)
  iov = vector(iov)
  return number(C.sys_preadv2(nr.preadv2, fileno(fd), iov.iov, iov.count, offset, 0, rwf(how)))
end

function S.pwritev (fd, iov, offset, how)
  iov = vector(iov)
  return number(C.sys_preadv2(nr.pwritev2, fileno(fd), iov.iov, iov.count, offset, 0, rwf(how)))
end
S.preadv2, S.pwritev2 = S.preadv, S.pwritev

local whence = flags.one('SEEK_')
function S.lseek (fd, offset, from)
  return long(C.sys_lseek(nr.lseek, fileno(fd), offset, whence(from)))
end

-- nil stays nil, a number becomes what the kernel can write to.
local function position (offset)
  if type(offset) == 'number' then return ffi.new('int64_t[1]', offset) end
  return offset
end

function S.sendfile (out, source, offset, count)
  local at = position(offset)
  local sent, err = long(C.sys_sendfile(nr.sendfile, fileno(out), fileno(source), at, count))
  if not sent then return nil, err end
  if at == nil then return sent end
  return { count = sent, offset = tonumber(at[0]) }
end

local splice_flags = flags.list('SPLICE_F_')

function S.splice (source, source_offset, out, out_offset, length, how)
  return long(C.sys_splice(nr.splice, fileno(source), position(source_offset), fileno(out), position(out_offset), length,
    splice_flags(how)))
end

function S.tee (source, out, length, how)
  return long(C.sys_tee(nr.tee, fileno(source), fileno(out), length, splice_flags(how)))
end

function S.vmsplice (fd, iov, how)
  iov = vector(iov)
  return long(C.sys_vmsplice(nr.vmsplice, fileno(fd), iov.iov, iov.count, splice_flags(how)))
end

function S.fsync (fd) return bool(C.sys_fsync(nr.fsync, fileno(fd))) end
function S.fdatasync (fd) return bool(C.sys_fsync(nr.fdatasync, fileno(fd))) end
function S.syncfs (fd) return bool(C.sys_fsync(nr.syncfs, fileno(fd))) end
function S.sync () C.sys_sync(nr.sync) end

local range_flags = flags.list('SYNC_FILE_RANGE_')
function S.sync_file_range (fd, offset, count, how)
  return bool(C.sys_sync_file_range(nr.sync_file_range, fileno(fd), offset, count, range_flags(how)))
end

local advices = flags.one('POSIX_FADV_')
function S.posix_fadvise (fd, advice, offset, length)
  return bool(C.sys_fadvise64(nr.fadvise64, fileno(fd), offset or 0, length or 0, advices(advice)))
end

local allocation = flags.list('FALLOC_FL_')
function S.fallocate (fd, mode, offset, length)
  return bool(C.sys_fallocate(nr.fallocate, fileno(fd), allocation(mode), offset or 0, length))
end

function S.posix_fallocate (fd, offset, length)
  return bool(C.sys_fallocate(nr.fallocate, fileno(fd), 0, offset, length))
end

function S.readahead (fd, offset, count)
  return bool(tonumber(C.sys_readahead(nr.readahead, fileno(fd), offset, count)))
end

function S.truncate (path, length) return bool(C.sys_truncate(nr.truncate, checked(path), length)) end
function S.ftruncate (fd, length) return bool(C.sys_ftruncate(nr.ftruncate, fileno(fd), length)) end

-- One read of at most `length` bytes: longer files are cut.
function S.readfile (path, buffer, length)
  local fd, err = S.open(path, 'rdonly')
  if not fd then return nil, err end
  local content, read_error = S.read(fd, buffer, length or default_size)
  local closed, close_error = S.close(fd)
  if content == nil then return nil, read_error end
  if not closed then return nil, close_error end
  return content
end

-- With a mode the file is made or emptied; without, it has to exist and is written over.
function S.writefile (path, content, mode)
  local fd, err
  if mode then fd, err = S.creat(path, mode) else fd, err = S.open(path, 'wronly') end
  if not fd then return nil, err end
  local written, write_error = S.write(fd, content)
  local closed, close_error = S.close(fd)
  if not written then return nil, write_error end
  if not closed then return nil, close_error end
  return true
end

return { vector = vector, length_of = length_of }

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Descriptor objects: S.t.fd, and what else may stand where a descriptor is wanted.

local S, import = ...
local ffi = require 'ffi'
local types = import 'core/types'
local call = import 'core/call'
local C, nr, failed = call.C, call.numbers, call.failed
local member = import 'member'
local istype, errno = ffi.istype, ffi.errno

ffi.cdef [[int sys_close(long, int fd) __asm__("syscall");]]

local descriptors = {}
local fd_type = ffi.typeof 'struct { int fileno; int sequence; }'
local standard = { stdin = 0, stdout = 1, stderr = 2 }

-- Methods that have the name of a function of S.
local functions = {}
for name in ([[
  nonblock block sendfds sendcred close dup read write pread pwrite lseek fchdir fsync fdatasync fstat fcntl fchmod
  bind listen connect accept getsockname getpeername send sendto recv recvfrom readv writev sendmsg recvmsg setsockopt
  getsockopt epoll_ctl epoll_wait sendfile getdents eventfd_read eventfd_write ftruncate shutdown inotify_add_watch
  inotify_rm_watch inotify_read flistxattr fsetxattr fgetxattr fremovexattr fxattr splice vmsplice tee signalfd_read
  timerfd_gettime timerfd_settime timerfd_read posix_fadvise fallocate posix_fallocate readahead tcgetattr tcsetattr
  tcsendbreak tcdrain tcflush tcflow tcgetsid grantpt unlockpt ptsname sync_file_range fstatfs futimens ioctl
  fchown flock preadv pwritev preadv2 pwritev2 copy_file_range syncfs tcgetpgrp tcsetpgrp tcgetwinsize tcsetwinsize
  lock unlock openat to_file_descriptor sendmmsg recvmmsg epoll_pwait2 pidfd_send_signal pidfd_getfd setns
  mq_send mq_timedsend mq_receive mq_timedreceive mq_getattr mq_setattr mq_notify fanotify_mark fanotify_read
  fanotify_respond isatty openat2 faccessat fchmodat fchownat fstatat linkat unlinkat mkdirat readlinkat utimensat
  futimesat renameat mknodat mkfifoat statx execveat name_to_handle_at
]]):gmatch('%S+') do functions[name] = name end
for short, name in pairs {
  stat = 'fstat', chdir = 'fchdir', sync = 'fsync', datasync = 'fdatasync', chmod = 'fchmod', setxattr = 'fsetxattr',
  getxattr = 'fgetxattr', listxattr = 'flistxattr', removexattr = 'fremovexattr', truncate = 'ftruncate',
  statfs = 'fstatfs', utimens = 'futimens', chown = 'fchown'
} do functions[short] = name end

local methods = setmetatable({}, {
  __index = function (known, key)
    local name = functions[key]
    if not name then error('a descriptor has no member ' .. tostring(key), 2) end
    local f = name == 'close' and S.close or member(name)
    known[key] = f
    return f
  end
})

function methods.nogc (fd) ffi.gc(fd, nil) end

function methods.seq (fd)
  fd.sequence = fd.sequence + 1
  return fd.sequence
end

-- By number, the last object that was made for it. A number that is given to another one has but that owner.
local owners = setmetatable({}, { __mode = 'v' })
function descriptors.take (number)
  local owner = owners[number]
  if owner and owner.fileno == number then ffi.gc(owner, nil) end
end

ffi.metatype(fd_type, {
  __new = function (ctype, number)
    if type(number) == 'userdata' then return S.from_file_descriptor(number) end
    -- Two objects would close one descriptor twice.
    if istype(ctype, number) then return number end
    if number == nil then error('the number of a descriptor was expected', 2) end
    local fd = ffi.new(ctype, number)
    owners[fd.fileno] = fd
    return fd
  end,
  __index = methods,
  __gc = function (fd)
    if fd.fileno < 0 then return end
    -- It may run between a call of the program and its look at errno.
    local before = errno()
    C.sys_close(nr.close, fd.fileno)
    errno(before)
  end
})
types.t.fd = fd_type
descriptors.type = fd_type
descriptors.functions = functions

-- The number of what stands for a descriptor.
local function fileno (fd)
  if istype(fd_type, fd) then return fd.fileno end
  if type(fd) == 'number' then return fd end
  if type(fd) == 'string' and standard[fd] then return standard[fd] end
  if type(fd) == 'userdata' then
    -- Emilua's say which number they have.
    local number = tostring(fd):match('^/dev/fd/(%d+)$')
    if number then return tonumber(number) end
  end
  local shown = type(fd) == 'string' and "'" .. fd .. "'" or 'a ' .. type(fd)
  error('a descriptor was expected: an object, a number, "stdin", "stdout" or "stderr", not ' .. shown, 3)
end
descriptors.fileno = fileno

-- The same where no descriptor means "relative to the current directory".
local at_current_directory = -100
function descriptors.directory (fd)
  if fd == nil or fd == 'cwd' or fd == 'fdcwd' then return at_current_directory end
  return fileno(fd)
end

-- A descriptor object of what a system call returned.
local state, deliver = import('core/signals').state, import('core/signals').deliver
function descriptors.new (result)
  if result == -1 then return failed() end
  if state.total[0] ~= state.seen then
    local fd = fd_type(result)
    deliver()
    return fd
  end
  return fd_type(result)
end

function S.close (fd)
  local number = fileno(fd)
  if type(fd) ~= 'cdata' then return call.bool(C.sys_close(nr.close, number)) end
  if number == -1 then return true end
  fd.fileno = -1
  return call.bool(C.sys_close(nr.close, number))
end

-- Never closed by the collector.
for name, number in pairs(standard) do
  S[name] = ffi.gc(fd_type(number), nil)
end

return descriptors

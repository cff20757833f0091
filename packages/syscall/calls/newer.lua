-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What Linux has gained since 2012: processes as descriptors, memory as files, randomness, copies in the kernel.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local descriptors = import 'core/descriptors'
local C, nr = call.C, call.numbers
local bool, number, long = call.bool, call.number, call.long
local fileno, new_fd = descriptors.fileno, descriptors.new
local write_printed = import 'core/printed'
local t = types.t

ffi.cdef [[
int sys_pidfd_open(long, int pid, unsigned int flags) __asm__("syscall");
int sys_pidfd_getfd(long, int pidfd, int fd, unsigned int flags) __asm__("syscall");
int sys_pidfd_send_signal(long, int pidfd, int signal, const void *siginfo, unsigned int flags) __asm__("syscall");
int sys_close_range(long, unsigned int first, unsigned int last, unsigned int flags) __asm__("syscall");
int sys_memfd_create(long, const char *name, unsigned int flags) __asm__("syscall");
int sys_getrandom(long, void *buffer, size_t count, unsigned int flags) __asm__("syscall");
int64_t sys_copy_file_range(long, int in, int64_t *in_offset, int out, int64_t *out_offset, size_t len,
  unsigned int flags) __asm__("syscall");
int sys_userfaultfd(long, int flags) __asm__("syscall");
int sys_clone3(long, void *arguments, size_t size) __asm__("syscall");
int sys_setns(long, int fd, int kind) __asm__("syscall");
int sys_kcmp(long, int pid1, int pid2, int type, unsigned long a, unsigned long b) __asm__("syscall");
int64_t sys_process_vm(long, int pid, const void *local, unsigned long local_count, const void *remote,
  unsigned long remote_count, unsigned long flags) __asm__("syscall");
int sys_membarrier(long, int command, unsigned int flags, int cpu) __asm__("syscall");
]]

local pidfd_flags, signal = flags.list('PIDFD_', 'O_'), flags.signal

function S.pidfd_open (pid, how) return new_fd(C.sys_pidfd_open(nr.pidfd_open, pid, pidfd_flags(how))) end

function S.pidfd_getfd (pidfd, fd)
  return new_fd(C.sys_pidfd_getfd(nr.pidfd_getfd, fileno(pidfd), fileno(fd), 0))
end

function S.pidfd_send_signal (pidfd, name, info)
  return bool(C.sys_pidfd_send_signal(nr.pidfd_send_signal, fileno(pidfd), signal(name), arguments.pointer(info), 0))
end

local range_flags = flags.list('CLOSE_RANGE_')

-- Without a last one: all from the first. Descriptor objects in the range do not learn of it.
function S.close_range (first, last, how)
  return bool(C.sys_close_range(nr.close_range, fileno(first), last and fileno(last) or 0xffffffff, range_flags(how)))
end

local memfd_flags = flags.list('MFD_')
function S.memfd_create (name, how) return new_fd(C.sys_memfd_create(nr.memfd_create, name, memfd_flags(how))) end

local random_flags = flags.list('GRND_')

-- getrandom(buffer, count, flags): how many bytes; getrandom(count, flags): a string.
function S.getrandom (buffer, count, how)
  if type(buffer) == 'number' then
    local size = buffer
    local own = t.buffer(size)
    local n, err = number(C.sys_getrandom(nr.getrandom, own, size, random_flags(count)))
    if not n then return nil, err end
    return ffi.string(own, n)
  end
  types.check_room(buffer, count)
  return number(C.sys_getrandom(nr.getrandom, buffer, count, random_flags(how)))
end

local function position (offset)
  if type(offset) == 'number' then return ffi.new('int64_t[1]', offset) end
  return offset
end

-- Offsets as of splice.
function S.copy_file_range (source, source_offset, out, out_offset, length)
  return long(C.sys_copy_file_range(nr.copy_file_range, fileno(source), position(source_offset), fileno(out),
    position(out_offset), length, 0))
end

local userfault_flags = flags.list('UFFD_', 'O_')
function S.userfaultfd (how) return new_fd(C.sys_userfaultfd(nr.userfaultfd, userfault_flags(how))) end

local clone_flags = flags.wide('CLONE_')
local clone_numbers = {
  'child_tid', 'parent_tid', 'stack', 'stack_size', 'tls', 'set_tid', 'set_tid_size'
}

-- clone3 of a table: `flags`, `exit_signal`, and the kernel's other members. With "pidfd" among the flags the parent's
-- second result is a descriptor of the child.
function S.clone3 (given)
  given = given or {}
  local arguments = t.clone_args()
  arguments.flags = clone_flags(given.flags)
  arguments.exit_signal = signal(given.exit_signal)
  for _, name in ipairs(clone_numbers) do
    local value = given[name]
    if type(value) == 'cdata' and not tonumber(value) then value = ffi.cast('uintptr_t', ffi.cast('void *', value)) end
    arguments[name] = value or 0
  end
  if given.cgroup then arguments.cgroup = fileno(given.cgroup) end
  local wants_pidfd = bit.band(arguments.flags, S.CLONE_PIDFD) ~= 0
  local pidfd = ffi.new('int[1]', -1)
  if wants_pidfd then arguments.pidfd = ffi.cast('uintptr_t', pidfd) end
  write_printed()
  local pid, err = number(C.sys_clone3(nr.clone3, arguments, ffi.sizeof(arguments)))
  if not pid then return nil, err end
  if wants_pidfd and pid ~= 0 then return pid, t.fd(pidfd[0]) end
  return pid
end

local namespaces = flags.list('CLONE_')
function S.setns (fd, kind) return bool(C.sys_setns(nr.setns, fileno(fd), namespaces(kind))) end

local comparisons = flags.one('KCMP_')
function S.kcmp (pid1, pid2, kind, a, b)
  return number(C.sys_kcmp(nr.kcmp, pid1, pid2, comparisons(kind), a or 0, b or 0))
end

local function vectors (mine, remote)
  local vector = import('calls/files').vector
  return vector(mine), vector(remote)
end

function S.process_vm_readv (pid, mine, remote)
  mine, remote = vectors(mine, remote)
  return long(C.sys_process_vm(nr.process_vm_readv, pid, mine.iov, mine.count, remote.iov, remote.count, 0))
end

function S.process_vm_writev (pid, mine, remote)
  mine, remote = vectors(mine, remote)
  return long(C.sys_process_vm(nr.process_vm_writev, pid, mine.iov, mine.count, remote.iov, remote.count, 0))
end

local barriers = flags.one('MEMBARRIER_CMD_')
function S.membarrier (command, how, cpu)
  return number(C.sys_membarrier(nr.membarrier, barriers(command), how or 0, cpu or 0))
end

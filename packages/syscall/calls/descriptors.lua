-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What concerns a descriptor and not its file: copies, flags, locks, pipes, device control.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local descriptors = import 'core/descriptors'
local C, nr = call.C, call.numbers
local bool, number = call.bool, call.number
local fileno, new_fd = descriptors.fileno, descriptors.new

ffi.cdef [[
int sys_dup(long, int fd) __asm__("syscall");
int sys_dup3(long, int old, int new, int flags) __asm__("syscall");
int sys_pipe2(long, int *fds, int flags) __asm__("syscall");
int sys_fcntl(long, int fd, int command, long argument) __asm__("syscall");
int sys_fcntl_pointer(long, int fd, int command, void *argument) __asm__("syscall");
int sys_ioctl(long, int fd, unsigned long request, void *argument) __asm__("syscall");
int sys_ioctl_number(long, int fd, unsigned long request, long argument) __asm__("syscall");
int sys_flock(long, int fd, int operation) __asm__("syscall");
]]

local open_flags = flags.open

-- The copy. When the number to be taken is given as an object, that is what owns the copy then: two objects would close
-- one descriptor twice.
function S.dup (fd, new, how)
  if new == nil then return new_fd(C.sys_dup(nr.dup, fileno(fd))) end
  local old, wanted = fileno(fd), fileno(new)
  local result
  if how == nil and old == wanted then
    -- dup2 of a number to itself succeeds, dup3 refuses it.
    result = C.sys_fcntl(nr.fcntl, old, S.F_GETFD, 0)
    if result ~= -1 and type(new) ~= 'cdata' and type(fd) == 'cdata' then new = fd end
  else
    result = C.sys_dup3(nr.dup3, old, wanted, open_flags(how))
  end
  if type(new) == 'cdata' then return call.object(result, new) end
  if result == -1 then return call.bool(result) end
  descriptors.take(wanted)
  return new_fd(wanted)
end

function S.pipe (how)
  local fds = ffi.new('int[2]')
  local ok, err = bool(C.sys_pipe2(nr.pipe2, fds, open_flags(how)))
  if not ok then return nil, err end
  return { types.t.fd(fds[0]), types.t.fd(fds[1]) }
end

local commands = flags.one('F_')
local argument_flags = {
  [S.F_SETFL] = open_flags, [S.F_SETFD] = flags.one('FD_'), [S.F_SETLEASE] = flags.one('F_'),
  [S.F_SETSIG] = flags.signal, [S.F_ADD_SEALS] = flags.list('F_'), [S.F_NOTIFY] = flags.list('DN_')
}
local gives_number = {}
for _, name in ipairs { 'GETFD', 'GETFL', 'GETLEASE', 'GETOWN', 'GETSIG', 'GETPIPE_SZ', 'GET_SEALS' } do
  gives_number[S['F_' .. name]] = true
end

local lock_size = ffi.sizeof(types.t.flock)
local is_lock, gives_lock = {}, {}
for _, name in ipairs { 'GETLK', 'SETLK', 'SETLKW', 'OFD_GETLK', 'OFD_SETLK', 'OFD_SETLKW' } do
  is_lock[S['F_' .. name]] = true
end
gives_lock[S.F_GETLK], gives_lock[S.F_OFD_GETLK] = true, true
local lock_types, whence = flags.one('F_'), flags.one('SEEK_')

-- { type = "rdlck" | "wrlck" | "unlck", whence =, start =, len =, pid = } as the kernel has it.
local function lock_of (given)
  local lock = types.t.flock()
  lock.l_type, lock.l_whence = lock_types(given.type or given.l_type), whence(given.whence or given.l_whence)
  lock.l_start, lock.l_len = given.start or given.l_start or 0, given.len or given.l_len or 0
  lock.l_pid = given.pid or given.l_pid or 0
  return lock
end

function S.fcntl (fd, command, argument)
  local n, cmd = fileno(fd), commands(command)
  if cmd == S.F_DUPFD or cmd == S.F_DUPFD_CLOEXEC then return new_fd(C.sys_fcntl(nr.fcntl, n, cmd, argument or 0)) end
  if cmd == S.F_GETOWN then
    -- A process group is a negative number, which F_GETOWN cannot tell from an error.
    local owner = types.t.f_owner_ex()
    local ok, err = bool(C.sys_fcntl_pointer(nr.fcntl, n, S.F_GETOWN_EX, owner))
    if not ok then return nil, err end
    return owner.type == S.F_OWNER_PGRP and -owner.pid or owner.pid
  end
  if is_lock[cmd] and type(argument) == 'table' then argument = lock_of(argument) end
  local convert = argument_flags[cmd]
  if convert then argument = convert(argument) end
  local result
  if type(argument) == 'cdata' and not tonumber(argument) then
    types.check_room(argument, is_lock[cmd] and lock_size or 8)
    result = C.sys_fcntl_pointer(nr.fcntl, n, cmd, argument)
  else
    result = C.sys_fcntl(nr.fcntl, n, cmd, argument or 0)
  end
  if gives_number[cmd] then return number(result) end
  if gives_lock[cmd] then return call.object(result, argument) end
  return bool(result)
end

-- Locks of a range of a file, by default of the whole: lock("wrlck", { start =, len =, whence =, wait = true }). They belong to
-- the open file, not to the process. EAGAIN when another has one.
function S.lock (fd, kind, range)
  range = arguments.optional_table(range)
  local lock = lock_of({ type = kind, whence = range.whence, start = range.start, len = range.len })
  return S.fcntl(fd, range.wait and 'ofd_setlkw' or 'ofd_setlk', lock)
end

function S.unlock (fd, range) return S.lock(fd, 'unlck', range) end

local function change (fd, f)
  local old, err = S.fcntl(fd, S.F_GETFL)
  if not old then return nil, err end
  return S.fcntl(fd, S.F_SETFL, f(old))
end

function S.nonblock (fd)
  return change(fd, function (old) return bit.bor(old, S.O_NONBLOCK) end)
end

function S.block (fd)
  return change(fd, function (old) return bit.band(old, bit.bnot(S.O_NONBLOCK)) end)
end

function S.ioctl (fd, request, argument)
  if type(argument) == 'number' then
    return bool(C.sys_ioctl_number(nr.ioctl, fileno(fd), request, argument))
  end
  return bool(C.sys_ioctl(nr.ioctl, fileno(fd), request, arguments.pointer(argument)))
end

local locks = flags.list('LOCK_')
function S.flock (fd, operation) return bool(C.sys_flock(nr.flock, fileno(fd), locks(operation))) end

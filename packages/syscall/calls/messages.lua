-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Messages with control data: descriptors and credentials.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local descriptors = import 'core/descriptors'
local addresses = import 'core/addresses'
local C, nr = call.C, call.numbers
local fileno = descriptors.fileno
local t, pt = types.t, types.pt

ffi.cdef [[
int sys_sendmsg(long, int fd, const void *message, int flags) __asm__("syscall");
int sys_recvmsg(long, int fd, void *message, int flags) __asm__("syscall");
int sys_sendmmsg(long, int fd, void *messages, unsigned int count, int flags) __asm__("syscall");
int sys_recvmmsg(long, int fd, void *messages, unsigned int count, int flags, void *timeout) __asm__("syscall");
]]

local message_flags = flags.list('MSG_')
local header_size = 16

local function aligned (size) return math.floor((size + 7) / 8) * 8 end

-- A message of one byte, and what has to live as long as it.
local function one_byte (control_size)
  local byte, vector = t.buffer(1), t.iovec()
  vector.iov_base, vector.iov_len = byte, 1
  local message = t.msghdr()
  message.msg_iov, message.msg_iovlen = vector, 1
  local control
  if control_size then
    control = t.buffer(control_size)
    message.msg_control, message.msg_controllen = control, control_size
  end
  return message, { byte, vector, control }
end

-- control(level, kind, data, size): the parts of a message with one item of control data.
local function with_control (level, kind, data, size)
  local message, kept = one_byte(aligned(header_size) + aligned(size))
  local header = pt.cmsghdr(message.msg_control)
  header.cmsg_len, header.cmsg_level, header.cmsg_type = header_size + size, level, kind
  ffi.copy(ffi.cast('char *', message.msg_control) + header_size, data, size)
  return message, kept
end

local function send (fd, message, how)
  local sent, err = call.number(C.sys_sendmsg(nr.sendmsg, fileno(fd), message, message_flags(how)))
  if not sent then return nil, err end
  return true
end

-- send_kept(fd, message, kept, how): the same, with what the message points to as an argument, so that it lives.
local function send_kept (fd, message, kept, how)
  local ok, err = send(fd, message, how)
  if not ok then return nil, err end
  return kept and true
end

function S.sendmsg (fd, message, how)
  if message ~= nil then return send(fd, arguments.object(message, t.msghdr, 'a msghdr'), how) end
  local own, kept = one_byte()
  return send_kept(fd, own, kept, how)
end

function S.sendfds (fd, ...)
  local count = select('#', ...)
  if count == 0 then error('no descriptors to send', 2) end
  local numbers = ffi.new('int[?]', count)
  for i = 1, count do numbers[i - 1] = fileno((select(i, ...))) end
  local message, kept = with_control(S.SOL_SOCKET, S.SCM_RIGHTS, numbers, 4 * count)
  return send_kept(fd, message, kept)
end

function S.sendcred (fd, pid, uid, gid)
  local credentials = t.ucred(pid or S.getpid(), uid or S.getuid(), gid or S.getgid())
  local message, kept = with_control(S.SOL_SOCKET, S.SCM_CREDENTIALS, credentials, ffi.sizeof(credentials))
  return send_kept(fd, message, kept)
end

local readers = {}
readers[S.SCM_RIGHTS] = function (result, data, size)
  result.fd = result.fd or {}
  local numbers = ffi.cast('int *', data)
  for i = 0, size / 4 - 1 do result.fd[#result.fd + 1] = t.fd(numbers[i]) end
end
readers[S.SCM_CREDENTIALS] = function (result, data)
  local credentials = pt.ucred(data)
  result.pid, result.uid, result.gid = credentials.pid, credentials.uid, credentials.gid
end

local function read_control (result, message)
  local at, total = 0, tonumber(message.msg_controllen)
  local start = ffi.cast('char *', message.msg_control)
  while at + header_size <= total do
    local header = pt.cmsghdr(start + at)
    local length = tonumber(header.cmsg_len)
    if length < header_size then break end
    local read = header.cmsg_level == S.SOL_SOCKET and readers[header.cmsg_type]
    if read then read(result, start + at + header_size, math.min(length, total - at) - header_size) end
    at = at + aligned(length)
  end
end

function S.recvmsg (fd, message, how)
  local kept
  if message == nil then message, kept = one_byte(1024) else arguments.object(message, t.msghdr, 'a msghdr') end
  local name_room = message.msg_namelen
  local count, err = call.number(C.sys_recvmsg(nr.recvmsg, fileno(fd), message, message_flags(how)))
  if not count then return nil, err end
  local result = {
    count = ffi.new('int64_t', count), iovec = types.part(message.msg_iov, { message, kept }),
    flags = message.msg_flags
  }
  if message.msg_name ~= nil then result.addr = addresses.decode(message.msg_name, math.min(message.msg_namelen, name_room)) end
  read_control(result, message)
  return result
end

-- sendmmsg and recvmmsg of t.mmsghdrs(count): how many were sent or received.
local message_size = ffi.sizeof(t.mmsghdr)
function S.sendmmsg (fd, messages, count, how)
  types.check_room(messages, arguments.number(count, 'a count') * message_size)
  return call.number(C.sys_sendmmsg(nr.sendmmsg, fileno(fd), messages, count, message_flags(how)))
end

-- The timeout is seconds or a timespec, and looked at after each message only.
function S.recvmmsg (fd, messages, count, how, timeout)
  types.check_room(messages, arguments.number(count, 'a count') * message_size)
  local time = timeout ~= nil and t.timespec(timeout) or nil
  return call.number(C.sys_recvmmsg(nr.recvmmsg, fileno(fd), messages, count, message_flags(how), time))
end

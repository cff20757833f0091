-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Sockets: making and connecting them, bytes and datagrams, addresses.

local S, import = ...
local ffi = require 'ffi'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local descriptors = import 'core/descriptors'
local addresses = import 'core/addresses'
local C, nr = call.C, call.numbers
local bool, number = call.bool, call.number
local fileno, new_fd = descriptors.fileno, descriptors.new
local check_room = types.check_room
local length_of = import('calls/files').length_of
local t = types.t

ffi.cdef [[
int sys_socket(long, int domain, int type, int protocol) __asm__("syscall");
int sys_socketpair(long, int domain, int type, int protocol, int *fds) __asm__("syscall");
int sys_bind(long, int fd, const void *address, unsigned int length) __asm__("syscall");
int sys_listen(long, int fd, int backlog) __asm__("syscall");
int sys_accept4(long, int fd, void *address, unsigned int *length, int flags) __asm__("syscall");
int sys_getsockname(long, int fd, void *address, unsigned int *length) __asm__("syscall");
int sys_shutdown(long, int fd, int how) __asm__("syscall");
int sys_sendto(long, int fd, const void *data, size_t count, int flags, const void *address, unsigned int length)
  __asm__("syscall");
int sys_recvfrom(long, int fd, void *buffer, size_t count, int flags, void *address, unsigned int *length)
  __asm__("syscall");
]]

local domains, kinds, message_flags = flags.one('AF_'), flags.list('SOCK_'), flags.list('MSG_')
local netlink_protocols, protocols = flags.one('NETLINK_'), flags.one('IPPROTO_')

local function protocol_of (domain, protocol)
  if domain == S.AF_NETLINK then return netlink_protocols(protocol) end
  return protocols(protocol)
end

function S.socket (domain, kind, protocol)
  domain = domains(domain)
  return new_fd(C.sys_socket(nr.socket, domain, kinds(kind), protocol_of(domain, protocol)))
end

function S.socketpair (domain, kind, protocol)
  domain = domains(domain)
  local fds = ffi.new('int[2]')
  local ok, err = bool(C.sys_socketpair(nr.socketpair, domain, kinds(kind), protocol_of(domain, protocol), fds))
  if not ok then return nil, err end
  return { t.fd(fds[0]), t.fd(fds[1]) }
end

local given = addresses.given

function S.bind (fd, address, length)
  address, length = given(address, length)
  return bool(C.sys_bind(nr.bind, fileno(fd), address, length))
end

function S.connect (fd, address, length)
  address, length = given(address, length)
  return bool(C.sys_bind(nr.connect, fileno(fd), address, length))
end

function S.listen (fd, backlog) return bool(C.sys_listen(nr.listen, fileno(fd), backlog or S.SOMAXCONN)) end

-- Room for what the kernel writes: an address and its length.
local function room (address, length)
  if address == nil then
    address, length = t.sockaddr_storage(), nil
  elseif type(address) ~= 'cdata' then
    error('an address was expected, not a ' .. type(address), 3)
  end
  length = length or types.room(address)
  if length == math.huge then error('a pointer needs a length', 3) end
  check_room(address, length)
  return address, t.socklen1(length), length
end

function S.accept (fd, how, address, length)
  local storage, size, most = room(address, length)
  local accepted, err = new_fd(C.sys_accept4(nr.accept4, fileno(fd), storage, size, kinds(how)))
  if not accepted then return nil, err end
  return { fd = accepted, addr = addresses.decode(storage, math.min(size[0], most)) }
end

local function name_of (call_number, fd)
  local storage, size = room()
  local ok, err = bool(C.sys_getsockname(call_number, fileno(fd), storage, size))
  if not ok then return nil, err end
  return addresses.decode(storage, size[0])
end

function S.getsockname (fd) return name_of(nr.getsockname, fd) end
function S.getpeername (fd) return name_of(nr.getpeername, fd) end

local directions = flags.one('SHUT_')
function S.shutdown (fd, how) return bool(C.sys_shutdown(nr.shutdown, fileno(fd), directions(how))) end

function S.send (fd, data, count, how)
  return number(C.sys_sendto(nr.sendto, fileno(fd), data, length_of(data, count), message_flags(how), nil, 0))
end

function S.sendto (fd, data, count, how, address, length)
  local size = length_of(data, count)
  if address ~= nil then address, length = given(address, length) end
  return number(C.sys_sendto(nr.sendto, fileno(fd), data, size, message_flags(how), address, length or 0))
end

function S.recv (fd, buffer, count, how)
  check_room(buffer, count)
  return number(C.sys_recvfrom(nr.recvfrom, fileno(fd), buffer, count, message_flags(how), nil, nil))
end

function S.recvfrom (fd, buffer, count, how)
  check_room(buffer, count)
  local storage, size = room()
  local got, err = number(C.sys_recvfrom(nr.recvfrom, fileno(fd), buffer, count, message_flags(how), storage, size))
  if not got then return nil, err end
  return { count = got, addr = addresses.decode(storage, size[0]) }
end

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Options of sockets.

local S, import = ...
local ffi = require 'ffi'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local descriptors = import 'core/descriptors'
local C, nr = call.C, call.numbers

ffi.cdef [[
int sys_setsockopt(long, int fd, int level, int name, const void *value, unsigned int length) __asm__("syscall");
int sys_getsockopt(long, int fd, int level, int name, void *value, unsigned int *length) __asm__("syscall");
]]

local levels = flags.one('SOL_', 'IPPROTO_')
local int_size = 4
local socket_names = flags.one('SO_')
local names = {
  [S.IPPROTO_IP] = flags.one('IP_'), [S.IPPROTO_IPV6] = flags.one('IPV6_'), [S.IPPROTO_TCP] = flags.one('TCP_'),
  [S.IPPROTO_UDP] = flags.one('UDP_'), [S.SOL_PACKET] = flags.one('PACKET_'), [S.SOL_NETLINK] = flags.one('NETLINK_')
}

local function name_of (level, name)
  return (names[level] or socket_names)(name)
end

-- The length of a structure: what was given if there is room for it.
local function length_of (value, length)
  if length == nil then
    length = types.room(value)
    if length == math.huge then error('a pointer needs a length', 3) end
  end
  types.check_room(value, length)
  return length
end

function S.setsockopt (fd, level, name, value, length)
  level = levels(level)
  name = name_of(level, name)
  if type(value) == 'boolean' then value = value and 1 or 0 end
  if type(value) == 'number' then
    value, length = types.t.int1(value), 4
  elseif type(value) == 'string' then
    length = length or #value
    if not (length >= 0 and length <= #value) then error('the string has ' .. #value .. ' bytes, not ' .. length, 2) end
  elseif type(value) ~= 'cdata' then
    error('the value of an option is a boolean, a number, a string or a structure, not a ' .. type(value), 2)
  else
    length = length_of(value, length)
  end
  return call.bool(C.sys_setsockopt(nr.setsockopt, descriptors.fileno(fd), level, name, value, length))
end

-- A number, or the structure given for the value to be put into.
function S.getsockopt (fd, level, name, buffer, length)
  level = levels(level)
  name = name_of(level, name)
  if buffer ~= nil and type(buffer) ~= 'cdata' then error('an option is read into a structure, not a ' .. type(buffer), 2) end
  local value = buffer or types.t.int1()
  if not buffer and length and length ~= int_size then error('an option without a structure is an int, of 4 bytes', 2) end
  local size = types.t.socklen1(length_of(value, length))
  local ok, err = call.bool(C.sys_getsockopt(nr.getsockopt, descriptors.fileno(fd), level, name, value, size))
  if not ok then return nil, err end
  if buffer then return buffer, size[0] end
  return value[0]
end

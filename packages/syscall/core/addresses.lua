-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Socket addresses on their way to the kernel and from it.

local S, import = ...
local ffi = require 'ffi'
local types = import 'core/types'
local t = types.t

local addresses = {}

local path_offset = 2
local unix = {}
function unix.family (a) return a.addr.sun_family end
unix.sun_family = unix.family
function unix.unnamed (a) return a.addrlen <= path_offset end
function unix.abstract (a) return a.addrlen > path_offset and a.addr.sun_path[0] == 0 end

-- A path without its zero; an abstract name from the zero on.
function unix.name (a)
  local size = a.addrlen - path_offset
  if size <= 0 then return nil end
  local bytes = ffi.string(a.addr.sun_path, math.min(size, ffi.sizeof(a.addr.sun_path)))
  if bytes:byte(1) == 0 then return bytes end
  return bytes:match('^%Z*')
end

local unix_metatable = {
  __index = function (a, key)
    local get = unix[key]
    if get then return get(a) end
  end
}

local by_family = {
  [S.AF_INET] = 'sockaddr_in', [S.AF_INET6] = 'sockaddr_in6', [S.AF_NETLINK] = 'sockaddr_nl',
  [S.AF_PACKET] = 'sockaddr_ll', [S.AF_VSOCK] = 'sockaddr_vm'
}

-- The object of what the kernel wrote; without a family, which is how nameless sockets come, one of AF_UNIX.
function addresses.decode (storage, length)
  local family = length >= path_offset and ffi.cast('unsigned short *', storage)[0] or S.AF_UNSPEC
  local name = by_family[family]
  if name then
    local address = ffi.new(t[name])
    ffi.copy(address, storage, math.min(length, ffi.sizeof(address)))
    return address
  end
  if family ~= S.AF_UNIX and family ~= S.AF_UNSPEC then return storage end
  local address = t.sockaddr_un()
  ffi.copy(address, storage, math.min(length, ffi.sizeof(address)))
  address.sun_family = S.AF_UNIX
  return setmetatable({ addr = address, addrlen = length }, unix_metatable)
end

-- given(address, length): what a call is handed. Of AF_UNIX the length is that of the path.
function addresses.given (address, length)
  if type(address) == 'table' then address, length = address.addr, length or address.addrlen end
  if type(address) ~= 'cdata' then error('an address was expected, not a ' .. type(address), 3) end
  if length then
    types.check_room(address, length)
    return address, length
  end
  if ffi.istype(t.sockaddr_un, address) then
    local known = types.abstract_lengths[address]
    if address.sun_path[0] == 0 then
      if known then return address, path_offset + known end
    else
      local path = ffi.string(address.sun_path, ffi.sizeof(address.sun_path)):match('^%Z*')
      return address, math.min(path_offset + #path + 1, ffi.sizeof(address))
    end
  end
  return address, ffi.sizeof(address)
end

return addresses

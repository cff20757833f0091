-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Addresses: made from their text, shown as it.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local members = import 'core/members'
local types = import 'core/types'

ffi.cdef [[
int syscall_inet_aton(const char *text, void *address) __asm__("inet_aton");
int syscall_inet_pton(int family, const char *text, void *address) __asm__("inet_pton");
const char *syscall_inet_ntop(int family, const void *address, char *text, unsigned int size) __asm__("inet_ntop");
]]
local C = ffi.C

local function text_of (family, address)
  local size = 46
  local text = ffi.new('char[?]', size)
  C.syscall_inet_ntop(family, address, text, size)
  return ffi.string(text)
end

local function address (parse, family)
  return function ()
    return {
      __new = function (ctype, from)
        local made = ffi.new(ctype)
        if from == nil then return made end
        if type(from) == 'string' then
          if parse(from, made) ~= 1 then return nil end
          return made
        end
        if type(from) == 'table' then return ffi.new(ctype, from) end
        if type(from) ~= 'cdata' then error('an address was expected, not a ' .. type(from), 2) end
        types.check_room(from, ffi.sizeof(ctype))
        ffi.copy(made, from, ffi.sizeof(ctype))
        return made
      end,
      __tostring = function (a) return text_of(family, a) end
    }
  end
end

-- 16 bits between the host's order and the network's.
local function swap (port) return bit.rshift(bit.bswap(arguments.number(port, 'the number of a port')), 16) end

-- A metatable of computed members.
local function computed (metatable, getters, setters)
  metatable.__index = members.get(getters)
  if setters then
    function metatable.__newindex (a, key, value)
      local set = setters[key] or error('an address has no member ' .. tostring(key), 2)
      set(a, value)
    end
  end
  return metatable
end

local function family_of (member)
  return function (a) return a[member] end
end

-- in_addr or in6_addr of what stands for one; nil if the text is none.
local function to_address (name, from)
  if from == nil then return types.t[name]() end
  if type(from) == 'string' then return types.t[name](from) end
  return from
end

local function sockaddr_in ()
  return computed({
    __new = function (ctype, port, addr)
      if type(port) == 'table' then return ffi.new(ctype, port) end
      local host = to_address('in_addr', addr)
      if not host then return end
      local a = ffi.new(ctype)
      a.sin_family, a.sin_port, a.sin_addr = S.AF_INET, swap(port or 0), host
      return a
    end
  }, {
    family = family_of 'sin_family',
    port = function (a) return swap(a.sin_port) end,
    addr = function (a) return types.part(a.sin_addr, a) end
  }, {
    port = function (a, port) a.sin_port = swap(port) end,
    addr = function (a, addr) a.sin_addr = to_address('in_addr', addr) end
  })
end

local function sockaddr_in6 ()
  return computed({
    __new = function (ctype, port, addr, flowinfo, scope)
      if type(port) == 'table' then return ffi.new(ctype, port) end
      local host = to_address('in6_addr', addr)
      if not host then return end
      local a = ffi.new(ctype)
      a.sin6_family, a.sin6_port, a.sin6_addr = S.AF_INET6, swap(port or 0), host
      a.sin6_flowinfo, a.sin6_scope_id = flowinfo or 0, scope or 0
      return a
    end
  }, {
    family = family_of 'sin6_family',
    port = function (a) return swap(a.sin6_port) end,
    addr = function (a) return types.part(a.sin6_addr, a) end
  }, {
    port = function (a, port) a.sin6_port = swap(port) end,
    addr = function (a, addr) a.sin6_addr = to_address('in6_addr', addr) end
  })
end

-- How much of sun_path an abstract name made by the constructor takes, since it has no end of its own.
types.abstract_lengths = setmetatable({}, { __mode = 'k' })

local function sockaddr_un ()
  return computed({
    __new = function (ctype, path)
      local a = ffi.new(ctype)
      a.sun_family = S.AF_UNIX
      if path ~= nil then
        arguments.text(path, 'the path of a socket')
        if #path > ffi.sizeof(a.sun_path) then error('a path of a socket has at most 108 bytes', 2) end
        ffi.copy(a.sun_path, path, #path)
        if a.sun_path[0] == 0 then types.abstract_lengths[a] = math.max(#path, 1) end
      end
      return a
    end
  }, { family = family_of 'sun_family' })
end

local function sockaddr_nl ()
  return computed({
    __new = function (ctype, pid, groups)
      local a = ffi.new(ctype)
      a.nl_family, a.nl_pid, a.nl_groups = S.AF_NETLINK, pid or 0, groups or 0
      return a
    end
  }, {
    family = family_of 'nl_family', pid = family_of 'nl_pid', groups = family_of 'nl_groups'
  }, {
    pid = function (a, pid) a.nl_pid = pid end,
    groups = function (a, groups) a.nl_groups = groups end
  })
end

local function macaddr ()
  return {
    __new = function (ctype, from)
      local a = ffi.new(ctype)
      if type(from) == 'string' then
        local i = 0
        for pair in from:gmatch('%x%x?') do
          if i < 6 then a.mac_addr[i] = tonumber(pair, 16) end
          i = i + 1
        end
        if i ~= 6 or not from:match('^[%x:%-]+$') then return nil end
      elseif from ~= nil then
        if type(from) ~= 'cdata' then error('an address was expected, not a ' .. type(from), 2) end
        types.check_room(from, 6)
        ffi.copy(a, from, 6)
      end
      return a
    end,
    __tostring = function (a)
      local m = a.mac_addr
      return ('%02x:%02x:%02x:%02x:%02x:%02x'):format(m[0], m[1], m[2], m[3], m[4], m[5])
    end
  }
end

return {
  in_addr = address(function (text, a) return C.syscall_inet_aton(text, a) end, S.AF_INET),
  in6_addr = address(function (text, a) return C.syscall_inet_pton(S.AF_INET6, text, a) end, S.AF_INET6),
  sockaddr = function () return computed({}, { family = family_of 'sa_family' }) end,
  sockaddr_storage = function () return computed({}, { family = family_of 'ss_family' }) end,
  sockaddr_in = sockaddr_in,
  sockaddr_in6 = sockaddr_in6,
  sockaddr_un = sockaddr_un,
  sockaddr_nl = sockaddr_nl,
  macaddr = macaddr
}

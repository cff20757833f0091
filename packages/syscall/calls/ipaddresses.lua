-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Addresses of network interfaces.

local S, import = ...
local ffi = require 'ffi'
local types = import 'core/types'
local flags = import 'core/flags'
local netlink = import 'calls/netlink'
local t = types.t

local address_types = { [S.AF_INET] = 'in_addr', [S.AF_INET6] = 'in6_addr' }

local function address (a, attribute)
  local name = address_types[a.family]
  if name then return t[name](attribute[1]) end
  return ffi.string(attribute[1], attribute[2])
end

local read = {}
read[S.IFA_ADDRESS] = function (a, attribute) a.addr = address(a, attribute) end
read[S.IFA_LOCAL] = function (a, attribute) a.loc = address(a, attribute) end
read[S.IFA_BROADCAST] = function (a, attribute) a.broadcast = address(a, attribute) end
read[S.IFA_ANYCAST] = function (a, attribute) a.anycast = address(a, attribute) end
read[S.IFA_LABEL] = function (a, attribute) a.label = netlink.text(attribute) end
read[S.IFA_CACHEINFO] = function (a, attribute)
  a.cacheinfo = t.ifa_cacheinfo()
  ffi.copy(a.cacheinfo, attribute[1], math.min(attribute[2], ffi.sizeof(a.cacheinfo)))
end

local is_set = flags.bit_reader('IFA_F_')
local address_metatable = {
  __index = function (a, key) return is_set(rawget(a, 'flags'), key) end
}

local function decode (pointer, length)
  local size = ffi.sizeof(t.ifaddrmsg)
  local message = t.ifaddrmsg()
  ffi.copy(message, pointer, size)
  local a = {
    family = message.ifa_family, prefixlen = message.ifa_prefixlen, index = message.ifa_index,
    flags = message.ifa_flags, scope = message.ifa_scope, ifaddr = message
  }
  local attributes = netlink.attributes(pointer + size, length - size)
  for kind, attribute in pairs(attributes) do
    local set = read[kind]
    if set then set(a, attribute) end
  end
  -- All flags; the message's own member has room for eight.
  local all = attributes[S.IFA_FLAGS]
  if all then a.flags = netlink.uint32(all) end
  return setmetatable(a, address_metatable)
end

local decoder = {
  new = function () return {} end,
  add = function (list, pointer, length) list[#list + 1] = decode(pointer, length) end
}
netlink.decoders[S.RTM_NEWADDR] = decoder
netlink.decoders[S.RTM_DELADDR] = decoder

local families = flags.one('AF_')

function S.getaddr (family)
  local message = t.ifaddrmsg()
  message.ifa_family = families(family)
  return netlink.dump(S.RTM_GETADDR, netlink.bytes(message))
end

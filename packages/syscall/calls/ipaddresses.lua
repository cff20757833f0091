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

-- parse(text): family, address object and length of the prefix of "10.0.0.1/24"; nil if it is none.
local function parse (text)
  if type(text) == 'cdata' then
    if ffi.istype(t.in_addr, text) then return S.AF_INET, text, 32 end
    if ffi.istype(t.in6_addr, text) then return S.AF_INET6, text, 128 end
  end
  if type(text) ~= 'string' then return nil end
  local host, length = text:match('^([^/]+)/(%d+)$')
  host = host or text
  local family = host:find(':', 1, true) and S.AF_INET6 or S.AF_INET
  local made = S.inet_pton(family, host)
  if not made then return nil end
  local most = family == S.AF_INET6 and 128 or 32
  length = length and tonumber(length) or most
  if length > most then return nil end
  return family, made, length
end

local function address_or_raise (text)
  local family, made, length = parse(text)
  if not family then error('no address: ' .. tostring(text), 3) end
  return family, made, length
end

local scopes, address_flags = flags.one('RT_SCOPE_'), flags.list('IFA_F_')

local function message_of (interface, text, given)
  local index, err = import('calls/links').index_of(interface)
  if not index then return nil, err end
  local family, made, length = address_or_raise(text)
  local message = t.ifaddrmsg()
  message.ifa_family, message.ifa_prefixlen, message.ifa_index = family, length, index
  message.ifa_scope = scopes(given.scope)
  local all = address_flags(given.flags) % 2^32
  message.ifa_flags = all % 256
  local peer = given.peer and select(2, address_or_raise(given.peer)) or made
  local parts = {
    netlink.bytes(message), netlink.attribute(S.IFA_LOCAL, netlink.bytes(made)),
    netlink.attribute(S.IFA_ADDRESS, netlink.bytes(peer))
  }
  if all > 255 then parts[#parts + 1] = netlink.attribute(S.IFA_FLAGS, netlink.integer(all, 4)) end
  if given.broadcast then
    local _, broadcast = address_or_raise(given.broadcast)
    parts[#parts + 1] = netlink.attribute(S.IFA_BROADCAST, netlink.bytes(broadcast))
  end
  if given.label then parts[#parts + 1] = netlink.attribute(S.IFA_LABEL, given.label .. '\0') end
  return table.concat(parts)
end

-- newaddr(interface, "10.0.0.1/24", { broadcast =, label =, scope =, peer =, flags = })
function S.newaddr (interface, text, given)
  local body, err = message_of(interface, text, given or {})
  if not body then return nil, err end
  local answer
  answer, err = netlink.change(S.RTM_NEWADDR, S.NLM_F_CREATE + S.NLM_F_EXCL, body)
  if not answer then return nil, err end
  return true
end

function S.deladdr (interface, text)
  local body, err = message_of(interface, text, {})
  if not body then return nil, err end
  local answer
  answer, err = netlink.change(S.RTM_DELADDR, 0, body)
  if not answer then return nil, err end
  return true
end

return { parse = parse, address_or_raise = address_or_raise }

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Routes, and the neighbours behind them.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local types = import 'core/types'
local flags = import 'core/flags'
local netlink = import 'calls/netlink'
local links = import 'calls/links'
local addresses = import 'calls/ipaddresses'
local t = types.t
local attribute, integer, uint32_of = netlink.attribute, netlink.integer, netlink.uint32

local address_types = { [S.AF_INET] = 'in_addr', [S.AF_INET6] = 'in6_addr' }
local families = flags.one('AF_')

local function address (family, a)
  local name = address_types[family]
  if name then return t[name](a[1]) end
  return ffi.string(a[1], a[2])
end

local read = {}
read[S.RTA_DST] = function (r, a) r.dst = address(r.family, a) end
read[S.RTA_SRC] = function (r, a) r.src = address(r.family, a) end
read[S.RTA_GATEWAY] = function (r, a) r.gateway = address(r.family, a) end
read[S.RTA_PREFSRC] = function (r, a) r.prefsrc = address(r.family, a) end
read[S.RTA_OIF] = function (r, a) r.oif = uint32_of(a) end
read[S.RTA_IIF] = function (r, a) r.iif = uint32_of(a) end
read[S.RTA_PRIORITY] = function (r, a) r.priority = uint32_of(a) end
read[S.RTA_TABLE] = function (r, a) r.table = uint32_of(a) end

local function names_of (prefix)
  local names = {}
  for name, value in pairs(flags.names(prefix)) do names[value] = name end
  return names
end

local scope_names, type_names = names_of('RT_SCOPE_'), names_of('RTN_')

local interface_names = {}
local function interface_name (index)
  local list = S.getlink()
  for _, link in ipairs(list or {}) do interface_names[link.index] = link.name end
  return interface_names[index] or tostring(index)
end

local is_type = flags.value_reader('RTN_')
local route_metatable = {
  __index = function (r, key) return is_type(rawget(r, 'type'), key) end,
  -- As ip shows it.
  __tostring = function (r)
    local parts = {}
    if r.type ~= S.RTN_UNICAST then parts[#parts + 1] = type_names[r.type] end
    parts[#parts + 1] = r.dst and ('%s/%d'):format(tostring(r.dst), r.dst_len) or 'default'
    if r.gateway then parts[#parts + 1] = 'via ' .. tostring(r.gateway) end
    if r.oif then parts[#parts + 1] = 'dev ' .. interface_name(r.oif) end
    if r.scope ~= S.RT_SCOPE_UNIVERSE then parts[#parts + 1] = 'scope ' .. (scope_names[r.scope] or r.scope) end
    if r.prefsrc then parts[#parts + 1] = 'src ' .. tostring(r.prefsrc) end
    if r.priority then parts[#parts + 1] = 'metric ' .. r.priority end
    return table.concat(parts, ' ')
  end
}

local function decode (pointer, length)
  local size = ffi.sizeof(t.rtmsg)
  local message = t.rtmsg()
  ffi.copy(message, pointer, size)
  local r = {
    family = message.rtm_family, dst_len = message.rtm_dst_len, src_len = message.rtm_src_len, tos = message.rtm_tos,
    table = message.rtm_table, protocol = message.rtm_protocol, scope = message.rtm_scope, type = message.rtm_type,
    flags = message.rtm_flags, rtmsg = message
  }
  for kind, a in pairs(netlink.attributes(pointer + size, length - size)) do
    local set = read[kind]
    if set then set(r, a) end
  end
  return setmetatable(r, route_metatable)
end

local list_metatable = {
  __tostring = function (list)
    local lines = {}
    for i, route in ipairs(list) do lines[i] = tostring(route) end
    return table.concat(lines, '\n')
  end
}

local decoder = {
  new = function () return setmetatable({}, list_metatable) end,
  add = function (list, pointer, length) list[#list + 1] = decode(pointer, length) end
}
netlink.decoders[S.RTM_NEWROUTE] = decoder
netlink.decoders[S.RTM_DELROUTE] = decoder

local tables = flags.one('RT_TABLE_')

-- The routes of a family ("inet"), of the main table unless another is named; with "unspec" those of all.
function S.getroute (family, from)
  local message = t.rtmsg()
  message.rtm_family = families(family or 'inet')
  local all, err = netlink.dump(S.RTM_GETROUTE, netlink.bytes(message))
  if not all then return nil, err end
  local wanted = tables(from or 'main')
  if wanted == S.RT_TABLE_UNSPEC then return all end
  local list = setmetatable({}, list_metatable)
  for _, route in ipairs(all) do
    if route.table == wanted then list[#list + 1] = route end
  end
  return list
end

local scopes, kinds, protocols = flags.one('RT_SCOPE_'), flags.one('RTN_'), flags.one('RTPROT_')

-- What a route says as a message. { dst = "10.0.0.0/8" or "default", gateway =, dev =, src =, metric =, table =, scope =,
-- type =, protocol =, family = }
local function message_of (given)
  arguments.table(given, 'a route', 5)
  local message, parts = t.rtmsg(), {}
  local function add (kind, bytes) parts[#parts + 1] = attribute(kind, bytes) end
  local family = given.family and families(given.family)
  if given.dst and given.dst ~= 'default' then
    local of, dst, length = addresses.address_or_raise(given.dst)
    family, message.rtm_dst_len = of, length
    add(S.RTA_DST, netlink.bytes(dst))
  end
  if given.gateway then
    local of, gateway = addresses.address_or_raise(given.gateway)
    family = family or of
    add(S.RTA_GATEWAY, netlink.bytes(gateway))
  end
  if given.src then
    local _, src = addresses.address_or_raise(given.src)
    add(S.RTA_PREFSRC, netlink.bytes(src))
  end
  if given.dev then
    local index, err = links.index_of(given.dev)
    if not index then return nil, err end
    add(S.RTA_OIF, integer(index, 4))
  end
  if given.metric then add(S.RTA_PRIORITY, integer(given.metric, 4)) end
  local number = tables(given.table or 'main')
  message.rtm_table = number < 256 and number or S.RT_TABLE_UNSPEC
  add(S.RTA_TABLE, integer(number, 4))
  message.rtm_family = family or S.AF_INET
  message.rtm_type = kinds(given.type or 'unicast')
  message.rtm_protocol = protocols(given.protocol or 'boot')
  if given.scope then
    message.rtm_scope = scopes(given.scope)
  elseif message.rtm_family == S.AF_INET and not given.gateway and message.rtm_type == S.RTN_UNICAST then
    message.rtm_scope = S.RT_SCOPE_LINK
  end
  return netlink.bytes(message) .. table.concat(parts)
end

local function change (kind, how, given)
  local body, err = message_of(given)
  if not body then return nil, err end
  local answer
  answer, err = netlink.change(kind, how, body)
  if not answer then return nil, err end
  return true
end

function S.newroute (given) return change(S.RTM_NEWROUTE, S.NLM_F_CREATE + S.NLM_F_EXCL, given) end
function S.replaceroute (given) return change(S.RTM_NEWROUTE, S.NLM_F_CREATE + S.NLM_F_REPLACE, given) end

function S.delroute (given)
  local exact = {}
  for name, value in pairs(arguments.table(given, 'a route')) do exact[name] = value end
  -- Whoever made it, and how far it reaches, does not matter.
  exact.protocol, exact.scope = exact.protocol or S.RTPROT_UNSPEC, exact.scope or 'nowhere'
  return change(S.RTM_DELROUTE, 0, exact)
end

local is_state = flags.bit_reader('NUD_')
local neighbour_metatable = {
  __index = function (n, key) return is_state(rawget(n, 'state'), key) end
}

local function decode_neighbour (pointer, length)
  local size = ffi.sizeof(t.ndmsg)
  local message = t.ndmsg()
  ffi.copy(message, pointer, size)
  local n = {
    family = message.ndm_family, index = message.ndm_ifindex, state = message.ndm_state, flags = message.ndm_flags,
    type = message.ndm_type
  }
  local found = netlink.attributes(pointer + size, length - size)
  if found[S.NDA_DST] then n.dst = address(n.family, found[S.NDA_DST]) end
  local hardware = found[S.NDA_LLADDR]
  if hardware then n.macaddr = hardware[2] == 6 and t.macaddr(hardware[1]) or ffi.string(hardware[1], hardware[2]) end
  return setmetatable(n, neighbour_metatable)
end

local neighbour_decoder = {
  new = function () return {} end,
  add = function (list, pointer, length) list[#list + 1] = decode_neighbour(pointer, length) end
}
netlink.decoders[S.RTM_NEWNEIGH] = neighbour_decoder
netlink.decoders[S.RTM_DELNEIGH] = neighbour_decoder

function S.getneigh (family)
  local message = t.ndmsg()
  message.ndm_family = families(family)
  return netlink.dump(S.RTM_GETNEIGH, netlink.bytes(message))
end

local states = flags.list('NUD_')

local function change_neighbour (kind, how, interface, host, hardware, state)
  local index, err = links.index_of(interface)
  if not index then return nil, err end
  local family, dst = addresses.address_or_raise(host)
  local message = t.ndmsg()
  message.ndm_family, message.ndm_ifindex, message.ndm_state = family, index, states(state)
  local body = netlink.bytes(message) .. attribute(S.NDA_DST, netlink.bytes(dst))
  if hardware then
    if type(hardware) == 'string' then hardware = t.macaddr(hardware) or error('no hardware address', 3) end
    body = body .. attribute(S.NDA_LLADDR, netlink.bytes(hardware))
  end
  local answer
  answer, err = netlink.change(kind, how, body)
  if not answer then return nil, err end
  return true
end

function S.newneigh (interface, host, hardware, state)
  return change_neighbour(S.RTM_NEWNEIGH, S.NLM_F_CREATE + S.NLM_F_REPLACE, interface, host, hardware, state or 'permanent')
end

function S.delneigh (interface, host) return change_neighbour(S.RTM_DELNEIGH, 0, interface, host) end

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Network interfaces as netlink shows them.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local netlink = import 'calls/netlink'
local t = types.t

local links = {}

local shown_flags = {}
for name in ([[
  UP BROADCAST DEBUG LOOPBACK POINTOPOINT NOTRAILERS RUNNING NOARP PROMISC ALLMULTI MASTER SLAVE MULTICAST PORTSEL
  AUTOMEDIA DYNAMIC LOWER_UP DORMANT ECHO
]]):gmatch('%S+') do shown_flags[#shown_flags + 1] = name end

local is_set = flags.bit_reader('IFF_')
local flags_metatable = {
  __index = function (f, key) return is_set(rawget(f, 'flags'), key) end,
  __tostring = function (f)
    local set = {}
    for _, name in ipairs(shown_flags) do
      if is_set(f.flags, name) then set[#set + 1] = name end
    end
    return table.concat(set, ' ')
  end
}

local attribute_of = {}
local read = attribute_of
read[S.IFLA_IFNAME] = function (i, a) i.name = netlink.text(a) end
read[S.IFLA_MTU] = function (i, a) i.mtu = netlink.uint32(a) end
read[S.IFLA_LINK] = function (i, a) i.link = netlink.uint32(a) end
read[S.IFLA_QDISC] = function (i, a) i.qdisc = netlink.text(a) end
read[S.IFLA_TXQLEN] = function (i, a) i.txqlen = netlink.uint32(a) end
read[S.IFLA_MASTER] = function (i, a) i.master = netlink.uint32(a) end
read[S.IFLA_GROUP] = function (i, a) i.group = netlink.uint32(a) end
read[S.IFLA_IFALIAS] = function (i, a) i.alias = netlink.text(a) end
read[S.IFLA_OPERSTATE] = function (i, a) i.operstate = ffi.cast('uint8_t *', a[1])[0] end
read[S.IFLA_LINKINFO] = function (i, a)
  local kind = netlink.attributes(a[1], a[2])[S.IFLA_INFO_KIND]
  if kind then i.kind = netlink.text(kind) end
end

local function hardware_address (i, a)
  if (i.type == S.ARPHRD_ETHER or i.type == S.ARPHRD_LOOPBACK) and a[2] == 6 then return t.macaddr(a[1]) end
  return ffi.string(a[1], a[2])
end
read[S.IFLA_ADDRESS] = function (i, a) i.addrlen, i.macaddr = a[2], hardware_address(i, a) end
read[S.IFLA_BROADCAST] = function (i, a) i.braddrlen, i.broadcast = a[2], hardware_address(i, a) end

-- Older kernels send less, newer ones more than the structure has.
read[S.IFLA_STATS] = function (i, a)
  i.stats = t.rtnl_link_stats()
  ffi.copy(i.stats, a[1], math.min(a[2], ffi.sizeof(i.stats)))
end

local function padded (text, width) return text .. (' '):rep(width - #text) end
local indent = (' '):rep(10)

local function counters (direction, stats)
  return ('%s%s packets:%d errors:%d dropped:%d\n'):format(indent, direction:upper(), stats[direction .. '_packets'],
    stats[direction .. '_errors'], stats[direction .. '_dropped'])
end

local function printed (i)
  local parts = { padded(i.name, 10), 'Link encap:', i.typename }
  if not i.loopback and i.macaddr then parts[#parts + 1] = '  HWaddr ' .. tostring(i.macaddr) end
  parts[#parts + 1] = '\n'
  for _, family in ipairs { 'inet', 'inet6' } do
    for _, a in ipairs(rawget(i, family) or {}) do
      parts[#parts + 1] = ('%s%s addr: %s/%d\n'):format(indent, family, tostring(a.addr), a.prefixlen)
    end
  end
  parts[#parts + 1] = ('%s%s  MTU: %d\n'):format(indent, tostring(i.flags), i.mtu)
  if i.stats then parts[#parts + 1] = counters('rx', i.stats) .. counters('tx', i.stats) end
  return table.concat(parts)
end

local is_type = flags.value_reader('ARPHRD_')
-- Of what changes interfaces, which is most of the work and often not needed.
local methods = setmetatable({}, {
  __index = function (known, key)
    import 'calls/linkchanges'
    return rawget(known, key)
  end
})
links.methods = methods

local link_metatable = {
  __index = function (i, key) return methods[key] or is_type(rawget(i, 'type'), key) end,
  __tostring = printed
}

local function decode (pointer, length)
  local size = ffi.sizeof(t.ifinfomsg)
  local info = t.ifinfomsg()
  ffi.copy(info, pointer, size)
  local i = {
    family = info.ifi_family, type = info.ifi_type, index = info.ifi_index, change = info.ifi_change, ifinfo = info,
    flags = setmetatable({ flags = info.ifi_flags }, flags_metatable)
  }
  i.typename = S.encapnames[i.type] or 'unknown ' .. i.type
  i.setflags = function (names, names_of_method)
    if rawequal(names, i) then names = names_of_method end
    return S.setlink(i.index, names)
  end
  for kind, a in pairs(netlink.attributes(pointer + size, length - size)) do
    local set = attribute_of[kind]
    if set then set(i, a) end
  end
  return setmetatable(i, link_metatable)
end

local list_metatable = {
  __tostring = function (list)
    local parts = {}
    for i, link in ipairs(list) do parts[i] = tostring(link) end
    return table.concat(parts, '\n')
  end
}

local decoder = {
  new = function () return setmetatable({}, list_metatable) end,
  add = function (list, pointer, length)
    local link = decode(pointer, length)
    list[#list + 1] = link
    if link.name then list[link.name] = link end
  end
}
netlink.decoders[S.RTM_NEWLINK] = decoder
netlink.decoders[S.RTM_DELLINK] = decoder

function S.getlink () return netlink.dump(S.RTM_GETLINK, netlink.bytes(t.ifinfomsg())) end

-- The index of an interface, by name or as it is.
function links.index_of (interface)
  if type(interface) == 'number' then return interface end
  if type(interface) == 'table' then return arguments.number(interface.index, 'the index of an interface', 4) end
  return S.if_nametoindex(arguments.text(interface, 'the name or index of an interface', 4))
end

function S.if_nametoindex (name)
  arguments.text(name, 'the name of an interface')
  local fd, err = S.socket('unix', 'dgram, cloexec')
  if not fd then return nil, err end
  local request = t.ifreq()
  if #name > 15 then
    S.close(fd)
    return call.fail(S.E.ENODEV)
  end
  ffi.copy(request.ifr_ifrn.ifrn_name, name, #name)
  local ok
  ok, err = S.ioctl(fd, S.SIOCGIFINDEX, request)
  S.close(fd)
  if not ok then return nil, err end
  return request.ifr_ifru.ifru_ivalue
end

local interface_flags = flags.list('IFF_')

-- The flags are set exactly: none clears UP.
function S.setlink (interface, names)
  local index, err = links.index_of(interface)
  if not index then return nil, err end
  local info = t.ifinfomsg()
  info.ifi_index, info.ifi_flags, info.ifi_change = index, interface_flags(names) % 2^32, 0xffffffff
  return netlink.change(S.RTM_SETLINK, 0, netlink.bytes(info))
end

function S.interfaces ()
  local list, err = S.getlink()
  if not list then return nil, err end
  local addresses
  addresses, err = S.getaddr()
  if not addresses then return nil, err end
  local by_index = {}
  for _, link in ipairs(list) do
    link.inet, link.inet6 = {}, {}
    by_index[link.index] = link
  end
  for _, a in ipairs(addresses) do
    local link = by_index[a.index]
    local of = link and (a.family == S.AF_INET and link.inet or a.family == S.AF_INET6 and link.inet6)
    if of then of[#of + 1] = a end
  end
  return list
end

function S.get_interfaces () return S.interfaces() end

function S.interface (name)
  local list, err = S.interfaces()
  if not list then return nil, err end
  return list[name]
end

return links

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Making, changing and removing network interfaces, by name, and the methods of interface objects.

local S, import = ...
local arguments = import 'core/arguments'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local descriptors = import 'core/descriptors'
local netlink = import 'calls/netlink'
local links = import 'calls/links'
local t = types.t
local attribute, integer = netlink.attribute, netlink.integer

local function uint32 (kind, number) return attribute(kind, integer(number, 4)) end
local function text (kind, string) return attribute(kind, string .. '\0') end

local interface_flags = flags.list('IFF_')

local function hardware_address (address)
  local made = type(address) == 'string' and t.macaddr(address) or address
  if not made then error('no hardware address: ' .. tostring(address), 4) end
  return netlink.bytes(made)
end

local function index_or_raise (interface)
  if interface == nil or interface == 0 or interface == '' then return 0 end
  local index, err = links.index_of(interface)
  if not index then error(err, 0) end
  return index
end

-- Options of an interface to attributes; what is no option is refused.
local options = {}
function options.mtu (n) return uint32(S.IFLA_MTU, n) end
function options.txqlen (n) return uint32(S.IFLA_TXQLEN, n) end
function options.group (n) return uint32(S.IFLA_GROUP, n) end
function options.address (a) return attribute(S.IFLA_ADDRESS, hardware_address(a)) end
function options.broadcast (a) return attribute(S.IFLA_BROADCAST, hardware_address(a)) end
function options.alias (s) return attribute(S.IFLA_IFALIAS, s) end
function options.master (i) return uint32(S.IFLA_MASTER, index_or_raise(i)) end
function options.link (i) return uint32(S.IFLA_LINK, index_or_raise(i)) end
function options.netns_pid (pid) return uint32(S.IFLA_NET_NS_PID, pid) end
function options.netns (fd) return uint32(S.IFLA_NET_NS_FD, descriptors.fileno(fd)) end
function options.name (name) return text(S.IFLA_IFNAME, name) end

-- What is particular to a kind, as its attributes; `given` are the options, those it uses are taken out.
local kinds = {}

function kinds.vlan (given)
  local id = given.id or error('a vlan needs an id', 4)
  given.id = nil
  return attribute(S.IFLA_VLAN_ID, integer(id, 2))
end

local macvlan_modes = flags.one('MACVLAN_MODE_')
function kinds.macvlan (given)
  local mode = macvlan_modes(given.mode or 'bridge')
  given.mode = nil
  return uint32(S.IFLA_MACVLAN_MODE, mode)
end
kinds.macvtap = kinds.macvlan

local attributes_of

function kinds.veth (given)
  local peer = given.peer
  given.peer = nil
  if peer == nil then return '' end
  if type(peer) == 'string' then peer = { name = peer } end
  return attribute(S.VETH_INFO_PEER, netlink.bytes(t.ifinfomsg()) .. attributes_of(peer))
end

function attributes_of (given)
  local parts = {}
  for name, value in pairs(given) do
    local make = options[name] or error('an interface has no option ' .. tostring(name), 4)
    parts[#parts + 1] = make(value)
  end
  return table.concat(parts)
end

local function copy_of (given)
  arguments.table(given, 'a table of options', 4)
  local copy = {}
  for name, value in pairs(given) do copy[name] = value end
  return copy
end

-- With an option that names an interface that does not exist: nil and the error.
local function protected (f)
  local ok, result = pcall(f)
  if ok then return result end
  if type(result) == 'cdata' then return nil, result end
  error(result, 3)
end

-- newlink{ name =, kind = 'dummy' | 'bridge' | 'veth' | 'vlan' | …, mtu =, address =, master =, link =, flags =, … }
function S.newlink (given)
  given = copy_of(given or {})
  local kind = given.kind or error('a new interface needs a kind', 2)
  local info = t.ifinfomsg()
  if given.flags ~= nil then
    info.ifi_flags = interface_flags(given.flags) % 2^32
    info.ifi_change = info.ifi_flags
  end
  given.kind, given.flags = nil, nil
  local body, err = protected(function ()
    local data = kinds[kind] and kinds[kind](given) or ''
    local link_info = text(S.IFLA_INFO_KIND, kind)
    if data ~= '' then link_info = link_info .. attribute(S.IFLA_INFO_DATA, data) end
    return attributes_of(given) .. attribute(S.IFLA_LINKINFO, link_info)
  end)
  if not body then return nil, err end
  local answer
  answer, err = netlink.change(S.RTM_NEWLINK, S.NLM_F_CREATE + S.NLM_F_EXCL, netlink.bytes(info) .. body)
  if not answer then return nil, err end
  return true
end

function S.dellink (interface)
  local index, err = links.index_of(interface)
  if not index then return nil, err end
  local info = t.ifinfomsg()
  info.ifi_index = index
  local answer
  answer, err = netlink.change(S.RTM_DELLINK, 0, netlink.bytes(info))
  if not answer then return nil, err end
  return true
end

-- changelink(interface, { up = true | false, mtu =, name =, address =, master =, netns_pid =, … })
function S.changelink (interface, given)
  local index, err = links.index_of(interface)
  if not index then return nil, err end
  given = copy_of(given)
  local info = t.ifinfomsg()
  info.ifi_index = index
  for name, flag in pairs { up = S.IFF_UP, promisc = S.IFF_PROMISC, allmulti = S.IFF_ALLMULTI } do
    if given[name] ~= nil then
      info.ifi_change = bit.bor(info.ifi_change, flag) % 2^32
      if given[name] then info.ifi_flags = bit.bor(info.ifi_flags, flag) % 2^32 end
      given[name] = nil
    end
  end
  local body
  body, err = protected(function () return attributes_of(given) end)
  if not body then return nil, err end
  local answer
  answer, err = netlink.change(S.RTM_NEWLINK, 0, netlink.bytes(info) .. body)
  if not answer then return nil, err end
  return true
end

-- What `ip link` and `ip address` do, of an interface object. Changes do not show in the object; refresh() gives a new one.
local methods = links.methods

function methods.up (i) return S.changelink(i.index, { up = true }) end
function methods.down (i) return S.changelink(i.index, { up = false }) end
function methods.set (i, given) return S.changelink(i.index, given) end
function methods.rename (i, name) return S.changelink(i.index, { name = name }) end
function methods.setmtu (i, mtu) return S.changelink(i.index, { mtu = mtu }) end
function methods.setmac (i, address) return S.changelink(i.index, { address = address }) end
function methods.setmaster (i, master) return S.changelink(i.index, { master = master or 0 }) end
function methods.move_ns (i, pid_or_fd)
  if type(pid_or_fd) == 'number' then return S.changelink(i.index, { netns_pid = pid_or_fd }) end
  return S.changelink(i.index, { netns = pid_or_fd })
end
function methods.delete (i) return S.dellink(i.index) end

function methods.refresh (i)
  local list, err = S.interfaces()
  if not list then return nil, err end
  for _, link in ipairs(list) do
    if link.index == i.index then return link end
  end
  return call.fail(S.E.ENODEV)
end

function methods.add_address (i, address, given) return S.newaddr(i.index, address, given) end
function methods.del_address (i, address) return S.deladdr(i.index, address) end
function methods.add_route (i, route)
  route = copy_of(route)
  route.dev = i.index
  return S.newroute(route)
end

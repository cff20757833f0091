-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Bridges, by ioctl and as /sys shows them.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local types = import 'core/types'
local call = import 'core/call'
local links = import 'calls/links'
local t, pt = types.t, types.pt

local name_size = 16

local function with_socket (f)
  local fd, err = S.socket('unix', 'stream, cloexec')
  if not fd then return nil, err end
  local ok
  ok, err = f(fd)
  S.close(fd)
  if not ok then return nil, err end
  return ok
end

local function change (request, name)
  arguments.text(name, 'the name of a bridge')
  if #name >= name_size then return call.fail(S.E.EINVAL) end
  local buffer = t.buffer(name_size)
  ffi.copy(buffer, name, #name)
  return with_socket(function (fd) return S.ioctl(fd, request, buffer) end)
end

function S.bridge_add (name) return change(S.SIOCBRADDBR, name) end
function S.bridge_del (name) return change(S.SIOCBRDELBR, name) end

local function change_interface (request, bridge, interface)
  arguments.text(bridge, 'the name of a bridge')
  local index, err = links.index_of(interface)
  if not index then return nil, err end
  if #bridge >= name_size then return call.fail(S.E.EINVAL) end
  local ifreq = t.ifreq()
  ffi.copy(ifreq.ifr_ifrn.ifrn_name, bridge, #bridge)
  ifreq.ifr_ifru.ifru_ivalue = index
  return with_socket(function (fd) return S.ioctl(fd, request, ifreq) end)
end

function S.bridge_add_interface (bridge, interface) return change_interface(S.SIOCBRADDIF, bridge, interface) end
function S.bridge_del_interface (bridge, interface) return change_interface(S.SIOCBRDELIF, bridge, interface) end

local net = '/sys/class/net'

local function values (directory)
  local names, err = S.ls(directory, true)
  if not names then return nil, err end
  local found = {}
  for _, name in ipairs(names) do
    local text = S.readfile(directory .. '/' .. name)
    if text then
      text = text:gsub('\n$', '')
      -- Identifiers are hexadecimal digits around a point.
      found[name] = not text:find('.', 1, true) and tonumber(text) or text
    end
  end
  return found
end

local function forwarding (path)
  local size = ffi.sizeof(t.fdb_entry)
  local content = S.readfile(path, nil, 256 * size)
  if not content then return nil end
  local entries = {}
  for at = 0, #content - size, size do
    local raw = pt.fdb_entry(ffi.cast('const char *', content) + at)
    entries[#entries + 1] = {
      mac_addr = t.macaddr(raw.mac_addr), port_no = raw.port_no, is_local = raw.is_local ~= 0,
      ageing_timer_value = raw.ageing_timer_value
    }
  end
  return entries
end

function S.bridge_list ()
  local names, err = S.ls(net, true)
  if not names then return nil, err end
  local bridges = {}
  for _, name in ipairs(names) do
    local directory = net .. '/' .. name
    local bridge = values(directory .. '/' .. S.SYSFS_BRIDGE_ATTR)
    if bridge then
      bridges[name] = {
        bridge = bridge, brif = S.ls(directory .. '/' .. S.SYSFS_BRIDGE_PORT_SUBDIR, true),
        brforward = forwarding(directory .. '/' .. S.SYSFS_BRIDGE_FDB)
      }
    end
  end
  return bridges
end

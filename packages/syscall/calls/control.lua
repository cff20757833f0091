-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What the kernel offers as files: its variables, control groups, the list of mounts.

local S, import = ...
local arguments = import 'core/arguments'

local function write (path, text)
  local fd, err = S.open(path, 'wronly')
  if not fd then return nil, err end
  local written
  written, err = S.write(fd, text)
  S.close(fd)
  if not written then return nil, err end
  return true
end

-- Files of /proc and /sys have no size, and are read to their end.
local function read (path)
  local fd, err = S.open(path, 'rdonly')
  if not fd then return nil, err end
  local parts = {}
  while true do
    local text
    text, err = S.read(fd)
    if not text then
      S.close(fd)
      return nil, err
    end
    if text == '' then break end
    parts[#parts + 1] = text
  end
  S.close(fd)
  return table.concat(parts)
end

local function line (text) return (text:gsub('\n$', '')) end

-- sysctl('kernel.ostype') reads a variable, with a value it is set.
function S.sysctl (name, value)
  local path = '/proc/sys/' .. arguments.text(name, 'the name of a variable'):gsub('%.', '/')
  if value ~= nil then return write(path, tostring(value)) end
  local text, err = read(path)
  if not text then return nil, err end
  return line(text)
end

-- The mounts of a process as a list of tables: id, parent, major, minor, root, target, options, type, source, super.
function S.mounts (pid)
  local text, err = read('/proc/' .. (pid and import('calls/proc').number(pid) or 'self') .. '/mountinfo')
  if not text then return nil, err end
  local function plain (word)
    return (word:gsub('\\(%d%d%d)', function (octal) return string.char(tonumber(octal, 8)) end))
  end
  local list = {}
  for entry in text:gmatch('[^\n]+') do
    local id, parent, major, minor, root, target, options, rest = entry:match('^(%d+) (%d+) (%d+):(%d+) (%S+) (%S+) (%S+) (.*)$')
    local kind, source, super = rest:match('%- (%S+) (%S*) (%S+)$')
    list[#list + 1] = {
      id = tonumber(id), parent = tonumber(parent), major = tonumber(major), minor = tonumber(minor),
      root = plain(root), target = plain(target), options = options, type = kind, source = plain(source or ''), super = super
    }
  end
  return list
end

local group = {}
local group_metatable = {
  __index = group,
  __tostring = function (g) return g.path end
}

local function open_group (path) return setmetatable({ path = path }, group_metatable) end

-- The text of a file such as "memory.max".
function group.get (g, name)
  local text, err = read(g.path .. '/' .. name)
  if not text then return nil, err end
  return line(text)
end

function group.set (g, name, value) return write(g.path .. '/' .. name, tostring(value)) end

-- A table of a file of "key value" lines, such as "cpu.stat".
function group.table (g, name)
  local text, err = g:get(name)
  if not text then return nil, err end
  local values = {}
  for key, value in text:gmatch('(%S+) (%S+)') do values[key] = tonumber(value) or value end
  return values
end

-- The group with this name inside, made if there is none.
function group.child (g, name)
  local path = g.path .. '/' .. name
  local ok, err = S.mkdir(path, 'IRWXU, IRGRP, IXGRP, IROTH, IXOTH')
  if not ok and not err.EEXIST then return nil, err end
  return open_group(path)
end

function group.children (g)
  local entries, err = S.dirfile(g.path, true)
  if not entries then return nil, err end
  local list = {}
  for name, entry in pairs(entries) do
    if entry.dir then list[#list + 1] = open_group(g.path .. '/' .. name) end
  end
  table.sort(list, function (a, b) return a.path < b.path end)
  return list
end

-- Moves a process into the group, without a pid the caller.
function group.add (g, pid) return g:set('cgroup.procs', pid or 0) end

function group.processes (g)
  local text, err = g:get('cgroup.procs')
  if not text then return nil, err end
  local list = {}
  for pid in text:gmatch('%d+') do list[#list + 1] = tonumber(pid) end
  return list
end

function group.controllers (g)
  local text, err = g:get('cgroup.controllers')
  if not text then return nil, err end
  local list = {}
  for name in text:gmatch('%S+') do list[#list + 1] = name end
  return list
end

-- Controllers for the groups inside: enable('cpu, memory').
local function change_controllers (g, names, sign)
  local words = {}
  for name in names:gmatch('[^,%s]+') do words[#words + 1] = sign .. name end
  return g:set('cgroup.subtree_control', table.concat(words, ' '))
end
function group.enable (g, names) return change_controllers(g, names, '+') end
function group.disable (g, names) return change_controllers(g, names, '-') end

function group.kill (g) return g:set('cgroup.kill', 1) end
function group.freeze (g) return g:set('cgroup.freeze', 1) end
function group.thaw (g) return g:set('cgroup.freeze', 0) end
function group.remove (g) return S.rmdir(g.path) end

-- A control group of version 2, by its path below the root of the groups; without, that of the caller.
function S.cgroup (path)
  if path ~= nil then arguments.text(path, 'the path of a group') end
  local mounts, err = S.mounts()
  if not mounts then return nil, err end
  local root
  for _, mount in ipairs(mounts) do
    if mount.type == 'cgroup2' then root = mount.target end
  end
  if not root then return nil, S.t.error(S.E.ENOENT) end
  if path == nil then
    local own
    own, err = read('/proc/self/cgroup')
    if not own then return nil, err end
    path = own:match('0::(/[^\n]*)') or '/'
  end
  path = root .. '/' .. path:gsub('^/+', '')
  path = path:gsub('/+$', '')
  local ok
  ok, err = S.stat(path)
  if not ok then return nil, err end
  return open_group(path)
end

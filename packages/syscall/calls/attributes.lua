-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Extended attributes: by path, by path of a link, by descriptor, and all of a file as a table.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local descriptors = import 'core/descriptors'
local C, nr = call.C, call.numbers
local bool, number = call.bool, call.number

ffi.cdef [[
int sys_listxattr(long, const char *path, char *buffer, size_t size) __asm__("syscall");
int sys_flistxattr(long, int fd, char *buffer, size_t size) __asm__("syscall");
int sys_getxattr(long, const char *path, const char *name, char *buffer, size_t size) __asm__("syscall");
int sys_fgetxattr(long, int fd, const char *name, char *buffer, size_t size) __asm__("syscall");
int sys_setxattr(long, const char *path, const char *name, const void *value, size_t size, int flags) __asm__("syscall");
int sys_fsetxattr(long, int fd, const char *name, const void *value, size_t size, int flags) __asm__("syscall");
int sys_removexattr(long, const char *path, const char *name) __asm__("syscall");
int sys_fremovexattr(long, int fd, const char *name) __asm__("syscall");
]]

local xattr_flags = flags.one('XATTR_')
local fileno = descriptors.fileno
local path_itself = types.path

-- fill(buffer, size), again with twice the room while it does not suffice: what it filled in.
local function grow (fill)
  local size = 512
  while true do
    local buffer = ffi.new('char[?]', size)
    local n, err = number(fill(buffer, size))
    if n then return ffi.string(buffer, n) end
    if not err.ERANGE or size > 2^20 then return nil, err end
    size = size * 4
  end
end

-- Values are kept with a terminating zero, as other programs of C strings do.
local function without_zero (value)
  if value:byte(-1) == 0 then return value:sub(1, -2) end
  return value
end

local function family (kind, prefix, convert)
  local list, get, set, remove = C['sys_' .. kind .. 'listxattr'], C['sys_' .. kind .. 'getxattr'],
    C['sys_' .. kind .. 'setxattr'], C['sys_' .. kind .. 'removexattr']
  local list_number, get_number = nr[prefix .. 'listxattr'], nr[prefix .. 'getxattr']
  local set_number, remove_number = nr[prefix .. 'setxattr'], nr[prefix .. 'removexattr']
  local f = {}

  function f.list (file)
    local where = convert(file)
    local joined, err = grow(function (buffer, size) return list(list_number, where, buffer, size) end)
    if not joined then return nil, err end
    local names = {}
    for name in joined:gmatch('%Z+') do names[#names + 1] = name end
    return names
  end

  function f.get (file, name)
    local where = convert(file)
    local value, err = grow(function (buffer, size) return get(get_number, where, name, buffer, size) end)
    if not value then return nil, err end
    return without_zero(value)
  end

  function f.set (file, name, value, how)
    arguments.text(value, 'the value of an attribute')
    return bool(set(set_number, convert(file), name, value, #value + 1, xattr_flags(how)))
  end

  function f.remove (file, name) return bool(remove(remove_number, convert(file), name)) end

  function f.all (file, wanted)
    if wanted ~= nil then arguments.table(wanted, 'a table of attributes') end
    local names, err = f.list(file)
    if not names then return nil, err end
    if not wanted then
      local values = {}
      for _, name in ipairs(names) do values[name] = f.get(file, name) end
      return values
    end
    for _, name in ipairs(names) do
      if wanted[name] == nil then f.remove(file, name) end
    end
    for name, value in pairs(wanted) do f.set(file, name, value) end
    return true
  end
  return f
end

local plain = family('', '', path_itself)
local link = family('', 'l', path_itself)
local open = family('f', 'f', fileno)

S.listxattr, S.llistxattr, S.flistxattr = plain.list, link.list, open.list
S.getxattr, S.lgetxattr, S.fgetxattr = plain.get, link.get, open.get
S.setxattr, S.lsetxattr, S.fsetxattr = plain.set, link.set, open.set
S.removexattr, S.lremovexattr, S.fremovexattr = plain.remove, link.remove, open.remove
S.xattr, S.lxattr, S.fxattr = plain.all, link.all, open.all

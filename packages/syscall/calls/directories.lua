-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What is in a directory.

local S, import = ...
local ffi = require 'ffi'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local descriptors = import 'core/descriptors'
local C, nr = call.C, call.numbers

ffi.cdef [[int sys_getdents64(long, int fd, void *buffer, unsigned int size) __asm__("syscall");]]

local is_type = flags.value_reader('DT_')
local entry_metatable = {
  __index = function (entry, key) return is_type(rawget(entry, 'type'), key) end
}

-- Entries by name, to the end of the directory or, with `once`, of one call.
function S.getdents (fd, buffer, size, once)
  local n = descriptors.fileno(fd)
  size = size or 4096
  if buffer then types.check_room(buffer, size) else buffer = ffi.new('char[?]', size) end
  local start = ffi.cast('char *', buffer)
  local name_offset = 19
  local entries = {}
  repeat
    local filled, err = call.number(C.sys_getdents64(nr.getdents64, n, buffer, size))
    if not filled then return nil, err end
    local at = 0
    while at < filled do
      local raw = types.pt.linux_dirent64(start + at)
      entries[ffi.string(start + at + name_offset)] = setmetatable({
        inode = tonumber(raw.d_ino), offset = tonumber(raw.d_off), type = raw.d_type
      }, entry_metatable)
      at = at + raw.d_reclen
    end
  until filled == 0 or once
  return entries
end

function S.dirfile (path, nodots)
  local fd, err = S.open(path, 'rdonly, directory')
  if not fd then return nil, err end
  local entries, why = S.getdents(fd)
  S.close(fd)
  if not entries then return nil, why end
  if nodots then entries['.'], entries['..'] = nil, nil end
  return entries
end

local list_metatable = {
  __tostring = function (list)
    local sorted = {}
    for i, name in ipairs(list) do sorted[i] = name end
    table.sort(sorted)
    return table.concat(sorted, '\n')
  end
}

function S.ls (path, nodots)
  local err
  if path == nil then
    path, err = S.getcwd()
    if not path then return nil, err end
  end
  local entries
  entries, err = S.dirfile(path, nodots)
  if not entries then return nil, err end
  local list = {}
  for name in pairs(entries) do list[#list + 1] = name end
  return setmetatable(list, list_metatable)
end

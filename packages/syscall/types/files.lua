-- SPDX-License-Identifier: MIT OR BSL-1.0
-- stat and statx with their numbers as Lua numbers; vectors of buffers.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local members = import 'core/members'
local types = import 'core/types'

local kinds = {
  isreg = S.S_IFREG, isdir = S.S_IFDIR, ischr = S.S_IFCHR, isblk = S.S_IFBLK, isfifo = S.S_IFIFO,
  islnk = S.S_IFLNK, issock = S.S_IFSOCK
}

local function with_kinds (getters, mode)
  for name, kind in pairs(kinds) do
    getters[name] = function (st) return bit.band(st[mode], S.S_IFMT) == kind end
  end
  return function ()
    return { __index = members.get(getters) }
  end
end

local stat = {}
for _, name in ipairs { 'dev', 'ino', 'mode', 'nlink', 'uid', 'gid', 'rdev', 'size', 'blksize', 'blocks', 'atime', 'mtime', 'ctime' } do
  local raw = 'st_' .. name
  stat[name] = function (st) return tonumber(st[raw]) end
end
function stat.major (st) return S.major(st.st_rdev) end
function stat.minor (st) return S.minor(st.st_rdev) end

local statx = {}
for _, name in ipairs { 'mask', 'blksize', 'attributes', 'nlink', 'uid', 'gid', 'mode', 'ino', 'size', 'blocks', 'mnt_id' } do
  local raw = 'stx_' .. name
  statx[name] = function (st) return tonumber(st[raw]) end
end
for _, name in ipairs { 'atime', 'btime', 'ctime', 'mtime' } do
  local raw = 'stx_' .. name
  statx[name] = function (st)
    return tonumber(st[raw].tv_sec) + st[raw].tv_nsec / 1e9
  end
end
function statx.major (st) return st.stx_rdev_major end
function statx.minor (st) return st.stx_rdev_minor end
function statx.dev (st) return S.makedev(st.stx_dev_major, st.stx_dev_minor) end
function statx.rdev (st) return S.makedev(st.stx_rdev_major, st.stx_rdev_minor) end

-- The buffers that a vector made itself, for as long as it lives.
local kept = setmetatable({}, { __mode = 'k' })

local function set_vector (v, i, item)
  local entry = v.iov[i - 1]
  local own = kept[v]
  if type(item) == 'string' then
    -- One byte more, because there may be none.
    local copy = types.t.buffer(#item + 1)
    ffi.copy(copy, item, #item)
    own[i] = copy
    entry.iov_base, entry.iov_len = copy, #item
  elseif type(item) == 'number' then
    if not (item >= 0) then error('a count is not below 0', 3) end
    local made = types.t.buffer(item)
    own[i] = made
    entry.iov_base, entry.iov_len = made, item
  elseif type(item) == 'table' then
    local base, length = item[1] or item.iov_base, item[2] or item.iov_len
    if type(base) == 'string' then
      local text = base
      set_vector(v, i, text)
      if length then
        if not (length >= 0) then error('a count is not below 0', 3) end
        entry.iov_len = math.min(length, #text)
      end
      return
    end
    if not length then error('a buffer of a vector needs its length', 3) end
    types.check_room(base, length)
    own[i] = base
    entry.iov_base, entry.iov_len = base, length
  elseif ffi.istype(types.t.iovec, item) then
    own[i] = item
    entry.iov_base, entry.iov_len = item.iov_base, item.iov_len
  else
    error('a member of a vector is a string, a length, {buffer, length} or an iovec, not a ' .. type(item), 3)
  end
end

local function iovecs ()
  return {
    __new = function (ctype, items)
      local count = type(items) == 'number' and arguments.count(items, 16) or
        #arguments.table(items, 'a count or a list of buffers')
      local v = ffi.new(ctype, count)
      v.count = count
      kept[v] = {}
      if type(items) ~= 'number' then
        for i = 1, count do set_vector(v, i, items[i]) end
      end
      return v
    end,
    __len = function (v) return v.count end,
    __index = function (v, i)
      if type(i) == 'number' and i >= 1 and i <= v.count then return types.part(v.iov[i - 1], v) end
    end,
    __newindex = function (v, i, item)
      if type(i) ~= 'number' or not (i >= 1 and i <= v.count) then error('there is no member ' .. tostring(i), 2) end
      set_vector(v, i, item)
    end
  }
end

return { stat = with_kinds(stat, 'st_mode'), statx = with_kinds(statx, 'stx_mode'), iovecs = iovecs }

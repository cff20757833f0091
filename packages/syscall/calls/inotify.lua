-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Watching files and directories.

local S, import = ...
local ffi = require 'ffi'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local descriptors = import 'core/descriptors'
local C, nr = call.C, call.numbers
local checked = types.path
local fileno = descriptors.fileno

ffi.cdef [[
int sys_inotify_init1(long, int flags) __asm__("syscall");
int sys_inotify_add_watch(long, int fd, const char *path, uint32_t mask) __asm__("syscall");
int sys_inotify_rm_watch(long, int fd, int wd) __asm__("syscall");
int sys_read(long, int fd, void *buffer, size_t count) __asm__("syscall");
]]

local events = flags.list('IN_')

function S.inotify_init (how) return descriptors.new(C.sys_inotify_init1(nr.inotify_init1, events(how))) end

function S.inotify_add_watch (fd, path, mask)
  return call.number(C.sys_inotify_add_watch(nr.inotify_add_watch, fileno(fd), checked(path), events(mask)))
end

function S.inotify_rm_watch (fd, wd)
  return call.bool(C.sys_inotify_rm_watch(nr.inotify_rm_watch, fileno(fd), wd))
end

local is_set = flags.bit_reader('IN_')
local event_metatable = {
  __index = function (event, key) return is_set(rawget(event, 'mask'), key) end
}

function S.inotify_read (fd, buffer, length)
  length = length or 1024
  if buffer then types.check_room(buffer, length) else buffer = types.t.buffer(length) end
  local n, err = call.number(C.sys_read(nr.read, fileno(fd), buffer, length))
  if not n then return nil, err end
  local start, header_size = ffi.cast('char *', buffer), 16
  local list, at = {}, 0
  while at < n do
    local raw = types.pt.inotify_event(start + at)
    local name = raw.len > 0 and ffi.string(start + at + header_size) or nil
    list[#list + 1] = setmetatable({ wd = raw.wd, mask = raw.mask, cookie = raw.cookie, name = name }, event_metatable)
    at = at + header_size + raw.len
  end
  return list
end

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Watching files and directories.

local S, import = ...
local ffi = require 'ffi'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local descriptors = import 'core/descriptors'
local records = import 'core/records'
local C, nr = call.C, call.numbers
local checked = types.path
local fileno = descriptors.fileno

ffi.cdef [[
int sys_inotify_init1(long, int flags) __asm__("syscall");
int sys_inotify_add_watch(long, int fd, const char *path, uint32_t mask) __asm__("syscall");
int sys_inotify_rm_watch(long, int fd, int wd) __asm__("syscall");
]]

local events = flags.list('IN_')

function S.inotify_init (how) return descriptors.new(C.sys_inotify_init1(nr.inotify_init1, events(how))) end

function S.inotify_add_watch (fd, path, mask)
  return call.number(C.sys_inotify_add_watch(nr.inotify_add_watch, fileno(fd), checked(path), events(mask)))
end

function S.inotify_rm_watch (fd, wd)
  return call.bool(C.sys_inotify_rm_watch(nr.inotify_rm_watch, fileno(fd), wd))
end

local event_metatable = records.with_mask 'IN_'
local header_size = 16

local function event_at (address)
  local raw = types.pt.inotify_event(address)
  local name = raw.len > 0 and ffi.string(address + header_size) or nil
  return setmetatable({ wd = raw.wd, mask = raw.mask, cookie = raw.cookie, name = name }, event_metatable),
    header_size + raw.len
end

function S.inotify_read (fd, buffer, length) return records.read(fd, buffer, length or 1024, header_size, event_at) end

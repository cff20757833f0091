-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Watching whole mounts and file systems, and saying who may open what.

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
local t, pt = types.t, types.pt

ffi.cdef [[
int sys_fanotify_init(long, unsigned int flags, unsigned int event_flags) __asm__("syscall");
int sys_fanotify_mark(long, int fd, unsigned int flags, uint64_t mask, int dirfd, const char *path) __asm__("syscall");
int sys_write(long, int fd, const void *buffer, size_t count) __asm__("syscall");
]]

local init_flags, mark_flags, events = flags.list('FAN_'), flags.list('FAN_MARK_'), flags.list('FAN_')

-- `how` is "class_notif, cloexec, nonblock", `opened` how the files of events are opened, "rdonly, cloexec".
function S.fanotify_init (how, opened)
  return descriptors.new(C.sys_fanotify_init(nr.fanotify_init, init_flags(how) % 2^32, flags.open(opened) % 2^32))
end

-- fanotify_mark(fd, "add, mount", "open, close", directory, path)
function S.fanotify_mark (fd, how, mask, dir, path)
  return call.bool(C.sys_fanotify_mark(nr.fanotify_mark, fileno(fd), mark_flags(how) % 2^32, events(mask) % 2^32,
    descriptors.directory(dir), checked(path)))
end

local event_metatable = records.with_mask 'FAN_'

local function event_at (address)
  local raw = pt.fanotify_event_metadata(address)
  return setmetatable({
    mask = tonumber(raw.mask), pid = raw.pid, fd = raw.fd >= 0 and t.fd(raw.fd) or nil
  }, event_metatable), raw.event_len
end

-- A list of { mask =, pid =, fd = } with the file itself, which answer event.open, event.FAN_CLOSE_WRITE …
function S.fanotify_read (fd, buffer, length)
  return records.read(fd, buffer, length or 4096, ffi.sizeof(t.fanotify_event_metadata), event_at)
end

local answers = flags.list('FAN_')

-- What an event that asks for leave ("open_perm") is answered with: "allow" or "deny".
function S.fanotify_respond (fd, event, answer)
  local response = t.fanotify_response(fileno(type(event) == 'table' and event.fd or event), answers(answer) % 2^32)
  local n, err = call.number(C.sys_write(nr.write, fileno(fd), response, ffi.sizeof(response)))
  if not n then return nil, err end
  return true
end

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Watching whole mounts and file systems, and saying who may open what.

local S, import = ...
local ffi = require 'ffi'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local descriptors = import 'core/descriptors'
local C, nr = call.C, call.numbers
local checked = types.path
local fileno = descriptors.fileno
local t, pt = types.t, types.pt

ffi.cdef [[
int sys_fanotify_init(long, unsigned int flags, unsigned int event_flags) __asm__("syscall");
int sys_fanotify_mark(long, int fd, unsigned int flags, uint64_t mask, int dirfd, const char *path) __asm__("syscall");
int sys_read(long, int fd, void *buffer, size_t count) __asm__("syscall");
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

local is_set = flags.bit_reader('FAN_')
local event_metatable = {
  __index = function (event, key) return is_set(rawget(event, 'mask'), key) end
}

-- A list of { mask =, pid =, fd = } with the file itself, which answer event.open, event.FAN_CLOSE_WRITE …
function S.fanotify_read (fd, buffer, length)
  length = length or 4096
  if buffer then types.check_room(buffer, length) else buffer = t.buffer(length) end
  local n, err = call.number(C.sys_read(nr.read, fileno(fd), buffer, length))
  if not n then return nil, err end
  local start, least = ffi.cast('char *', buffer), ffi.sizeof(t.fanotify_event_metadata)
  local list, at = {}, 0
  while at + least <= n do
    local raw = pt.fanotify_event_metadata(start + at)
    list[#list + 1] = setmetatable({
      mask = tonumber(raw.mask), pid = raw.pid, fd = raw.fd >= 0 and t.fd(raw.fd) or nil
    }, event_metatable)
    at = at + math.max(raw.event_len, least)
  end
  return list
end

local answers = flags.list('FAN_')

-- What an event that asks for leave ("open_perm") is answered with: "allow" or "deny".
function S.fanotify_respond (fd, event, answer)
  local response = t.fanotify_response(fileno(type(event) == 'table' and event.fd or event), answers(answer) % 2^32)
  local n, err = call.number(C.sys_write(nr.write, fileno(fd), response, ffi.sizeof(response)))
  if not n then return nil, err end
  return true
end

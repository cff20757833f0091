-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Message queues of POSIX, which are descriptors. A name begins with a slash.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local descriptors = import 'core/descriptors'
local C, nr = call.C, call.numbers
local fileno = descriptors.fileno
local t = types.t

ffi.cdef [[
int sys_mq_open(long, const char *name, int flags, unsigned int mode, const void *attr) __asm__("syscall");
int sys_mq_unlink(long, const char *name) __asm__("syscall");
int sys_mq_timedsend(long, int fd, const void *data, size_t count, unsigned int priority, const void *until)
  __asm__("syscall");
int64_t sys_mq_timedreceive(long, int fd, void *buffer, size_t count, unsigned int *priority, const void *until)
  __asm__("syscall");
int sys_mq_getsetattr(long, int fd, const void *new, void *old) __asm__("syscall");
int sys_mq_notify(long, int fd, const void *event) __asm__("syscall");
]]

-- The kernel has no slash.
local function plain (name) return (types.path(arguments.text(name, 'the name of a queue', 4)):gsub('^/', '')) end

local function attributes (given)
  if given == nil or ffi.istype(t.mq_attr, given) then return given end
  arguments.table(given, 'an mq_attr or a table', 4)
  local attr = t.mq_attr()
  attr.mq_flags = flags.open(given.flags)
  attr.mq_maxmsg, attr.mq_msgsize = given.maxmsg or 0, given.msgsize or 0
  return attr
end

-- mq_open("/name", "creat, rdwr", "irusr, iwusr", { maxmsg =, msgsize = })
function S.mq_open (name, how, mode, attr)
  return descriptors.new(C.sys_mq_open(nr.mq_open, plain(name), flags.open(how), flags.mode(mode), attributes(attr)))
end

function S.mq_unlink (name) return call.bool(C.sys_mq_unlink(nr.mq_unlink, plain(name))) end

local length_of = import('calls/files').length_of

-- Higher priorities are received first. `until_time` is a time of the real clock, without one it waits.
function S.mq_timedsend (fd, data, count, priority, until_time)
  local size = length_of(data, count)
  local time = until_time ~= nil and t.timespec(until_time) or nil
  return call.bool(C.sys_mq_timedsend(nr.mq_timedsend, fileno(fd), data, size, priority or 0, time))
end

function S.mq_send (fd, data, count, priority) return S.mq_timedsend(fd, data, count, priority) end

-- A string, or with a buffer how many bytes; then the priority. The room is that of the largest message.
function S.mq_timedreceive (fd, buffer, count, until_time)
  if buffer == nil then
    if count == nil then
      local attr, err = S.mq_getattr(fd)
      if not attr then return nil, err end
      count = tonumber(attr.mq_msgsize)
    end
  else
    types.check_room(buffer, count)
  end
  local into, priority = buffer or t.buffer(count), t.uint1()
  local time = until_time ~= nil and t.timespec(until_time) or nil
  local n, err = call.long(C.sys_mq_timedreceive(nr.mq_timedreceive, fileno(fd), into, count, priority, time))
  if not n then return nil, err end
  return buffer and n or ffi.string(into, n), priority[0]
end

function S.mq_receive (fd, buffer, count) return S.mq_timedreceive(fd, buffer, count) end

function S.mq_getattr (fd)
  local attr = t.mq_attr()
  return call.object(C.sys_mq_getsetattr(nr.mq_getsetattr, fileno(fd), nil, attr), attr)
end

-- Only the flags can be set: { flags = "nonblock" }. The old attributes.
function S.mq_setattr (fd, attr)
  local old = t.mq_attr()
  return call.object(C.sys_mq_getsetattr(nr.mq_getsetattr, fileno(fd), attributes(attr), old), old)
end

-- A signal when the queue stops being empty, once: nil for none, or as for timer_create.
function S.mq_notify (fd, event)
  if event ~= nil then event = import('calls/timers').event_of(event) end
  return call.bool(C.sys_mq_notify(nr.mq_notify, fileno(fd), event))
end

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Descriptors that are read record by record: inotify, fanotify, signalfd.

local _, import = ...
local ffi = require 'ffi'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local descriptors = import 'core/descriptors'
local C, nr = call.C, call.numbers

ffi.cdef [[
int sys_read(long, int fd, void *buffer, size_t count) __asm__("syscall");
]]

local records = {}

-- A list of what each(address) makes of the records, each of which takes the number of bytes it gives too. `buffer` is
-- what the kernel fills, `length` bytes of it; one of that size is made where there is none. `least` is what a record
-- takes at least.
function records.read (fd, buffer, length, least, each)
  if buffer then types.check_room(buffer, length) else buffer = types.t.buffer(length) end
  local n, err = call.number(C.sys_read(nr.read, descriptors.fileno(fd), buffer, length))
  if not n then return nil, err end
  local start = ffi.cast('char *', buffer)
  local list, at = {}, 0
  while at + least <= n do
    local record, size = each(start + at)
    list[#list + 1] = record
    at = at + math.max(size, least)
  end
  return list
end

-- The metatable of records with a `mask`, which say which of its flags are set: event.create, event.IN_CREATE.
function records.with_mask (prefix)
  local is_set = flags.bit_reader(prefix)
  return {
    __index = function (record, key) return is_set(rawget(record, 'mask'), key) end
  }
end

return records

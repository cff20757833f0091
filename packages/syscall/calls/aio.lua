-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The kernel's first asynchronous input and output.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local descriptors = import 'core/descriptors'
local C, nr = call.C, call.numbers
local t = types.t

ffi.cdef [[
int sys_io_setup(long, unsigned int count, void *context) __asm__("syscall");
int sys_io_destroy(long, unsigned long context) __asm__("syscall");
int sys_io_submit(long, unsigned long context, long count, void *iocbs) __asm__("syscall");
int sys_io_getevents(long, unsigned long context, long least, long most, void *events, void *timeout) __asm__("syscall");
int sys_io_cancel(long, unsigned long context, void *iocb, void *result) __asm__("syscall");
]]

local context_type = t.aio_context

function S.io_setup (count)
  local context = context_type()
  return call.object(C.sys_io_setup(nr.io_setup, count, context), context)
end

local function context_of (context) return arguments.object(context, context_type, 'an aio context').ctx end

function S.io_destroy (context)
  local number = context_of(context)
  if number == 0 then return true end
  context.ctx = 0
  return call.bool(C.sys_io_destroy(nr.io_destroy, number))
end

local commands = flags.list('IOCB_CMD_')

local function iocb_of (request)
  if ffi.istype(t.iocb, request) then return request end
  arguments.table(request, 'a request', 4)
  local iocb = t.iocb()
  iocb.aio_lio_opcode = commands(request.cmd)
  iocb.aio_fildes = descriptors.fileno(request.fd)
  iocb.aio_data = request.data or 0
  iocb.aio_reqprio = request.reqprio or 0
  if request.buf ~= nil then
    types.check_room(request.buf, request.nbytes or 0)
    iocb.aio_buf = ffi.cast('uintptr_t', ffi.cast('const void *', request.buf))
  end
  iocb.aio_nbytes = request.nbytes or 0
  iocb.aio_offset = request.offset or 0
  if request.resfd then
    iocb.aio_flags = S.IOCB_FLAG_RESFD
    iocb.aio_resfd = descriptors.fileno(request.resfd)
  end
  return iocb
end

-- The buffers have to live until their events have come.
function S.io_submit (context, requests, count)
  local number = context_of(context)
  arguments.table(requests, 'a list of requests')
  count = arguments.count(count or #requests, 8)
  local iocbs = {}
  local pointers = t.iocb_ptrs(count)
  for i = 1, count do
    iocbs[i] = iocb_of(requests[i])
    pointers[i - 1] = iocbs[i]
  end
  local accepted, err = call.number(C.sys_io_submit(nr.io_submit, number, count, pointers))
  if not accepted then return nil, err end
  return iocbs and accepted
end

function S.io_getevents (context, least, most, timeout, buffer)
  local number = context_of(context)
  arguments.count(most, ffi.sizeof(t.io_event))
  if buffer then types.check_room(buffer, most * ffi.sizeof(t.io_event)) else buffer = t.io_events(most) end
  local time = timeout ~= nil and t.timespec(timeout) or nil
  local count, err = call.number(C.sys_io_getevents(nr.io_getevents, number, least, most, buffer, time))
  if not count then return nil, err end
  local list = { count = count, events = buffer, timeout = time }
  for i = 1, most do list[i] = types.part(buffer[i - 1], buffer) end
  return list
end

local into_event = types.into 'io_event'
function S.io_cancel (context, iocb, event)
  local number = context_of(context)
  event = into_event(event)
  return call.object(C.sys_io_cancel(nr.io_cancel, number, iocb_of(iocb), event), event)
end

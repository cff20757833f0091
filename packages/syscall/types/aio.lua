-- SPDX-License-Identifier: MIT OR BSL-1.0
-- A context of asynchronous input and output, which the collector destroys.

local S, import = ...
local ffi = require 'ffi'
local call = import 'core/call'

ffi.cdef [[int sys_io_destroy(long, unsigned long context) __asm__("syscall");]]

local names = { destroy = 'io_destroy', submit = 'io_submit', getevents = 'io_getevents', cancel = 'io_cancel' }

local function aio_context ()
  return {
    __index = function (_, key)
      if names[key] then return S[names[key]] end
      if key == 'n' then
        return function (self) return tonumber(self.ctx) end
      end
      error('an aio context has no member ' .. tostring(key), 2)
    end,
    __gc = function (context)
      if context.ctx == 0 then return end
      -- It may run between a call of the program and its look at errno.
      local before = ffi.errno()
      call.C.sys_io_destroy(call.numbers.io_destroy, context.ctx)
      ffi.errno(before)
    end
  }
end

return { aio_context = aio_context }

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- From what a system call returned to what a function returns: a value, or nil and an error object.
--
-- System calls are made through the C library's `syscall`, declared once for each with the types of its arguments.

local _, import = ...
local ffi = require 'ffi'
local error_type = import 'core/errors'
local signals = import 'core/signals'

local state, deliver = signals.state, signals.deliver
local errno = ffi.errno

local call = {
  C = ffi.C,
  numbers = import('arch/' .. ffi.arch).numbers
}

local function failed ()
  local number = errno()
  if state.total[0] ~= state.seen then deliver() end
  return nil, error_type(number)
end
call.failed = failed

-- nil and an error of this number.
function call.fail (number)
  return nil, error_type(number)
end

-- Of a call that returns nothing but success.
function call.bool (result)
  if result == -1 then return failed() end
  if state.total[0] ~= state.seen then deliver() end
  return true
end

-- Of one that returns an int.
function call.number (result)
  if result == -1 then return failed() end
  if state.total[0] ~= state.seen then deliver() end
  return result
end

-- Of one that returns 64 bits.
function call.long (result)
  if result == -1 then return failed() end
  if state.total[0] ~= state.seen then deliver() end
  return tonumber(result)
end

-- Of one that returns an address.
local minus_one = ffi.cast('void *', -1)
function call.pointer (result)
  if result == minus_one then return failed() end
  if state.total[0] ~= state.seen then deliver() end
  return result
end

-- Of one that filled in an object.
function call.object (result, object)
  if result == -1 then return failed() end
  if state.total[0] ~= state.seen then deliver() end
  return object
end

return call

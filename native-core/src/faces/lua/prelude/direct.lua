-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What goes to C++ without a call of Lua's: compiled code goes straight on behind a function of the FFI, and leaves at
-- any other.
--
-- chunk(ffi, is_span, native, vm, write) adds it to the natives; vm and write are addresses.

local ffi, is_span, native, vm_address, write_address = ...

local type = type
local cast = ffi.cast

local vm = cast('void *', vm_address)
local write = cast('int32_t (*)(void *, void *, const void *)', cast('void *', write_address))

-- How many coroutines of the program are inside one another now. Whether one may suspend only its Lua thread knows, which
-- these functions are not given.
local inner = native.inner or { depth = 0 }
native.inner = inner

-- Writes a span without an operation: how many bytes; -1 if it has to be tried by other means, -2 if it failed, and then
-- native.failed_write(stream, span) gives the error.
function native.write_directly (stream, span)
  if type(stream) == 'userdata' and inner.depth == 0 and is_span(span) then return write(vm, stream, span) end
  return -1
end

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What goes to C++ without a call of Lua's: compiled code goes straight on behind a function of the FFI, and leaves at
-- any other.
--
-- chunk(ffi, is_span, native, vm, write, transfer) adds it to the natives; vm, write and transfer are addresses.

local ffi, is_span, native, vm_address, write_address, transfer_address = ...

local type, error = type, error
local cast = ffi.cast
local direct_failure = native.direct_failure

local vm = cast('void *', vm_address)
local write = cast('int32_t (*)(void *, void *, const void *)', cast('void *', write_address))
local transfer = cast('int32_t (*)(void *, void *, void *, double, const void *)', cast('void *', transfer_address))

-- What they give that is no number of bytes.
local NOT_DONE, FAILED, IN_VAIN = -1, -2, -3

-- How many coroutines of the program are inside one another now. Whether one may suspend only its Lua thread knows, which
-- these functions are not given.
local inner = native.inner or { depth = 0 }
native.inner = inner

-- Writes a span without an operation: how many bytes; NOT_DONE if it has to be tried by other means, FAILED if so, and
-- then native.direct_failure(stream, span) gives the error.
function native.write_directly (stream, span)
  if type(stream) == 'userdata' and inner.depth == 0 and is_span(span) then return write(vm, stream, span) end
  return NOT_DONE
end

-- The method at the address `member` that moves bytes between a place of a file and a span. `f` does it by other means,
-- and hears whether it was tried in vain.
function native.wrap_transfer (f, member)
  member = cast('void *', member)
  return function (file, place, span)
    local done = NOT_DONE
    if type(file) == 'userdata' and type(place) == 'number' and inner.depth == 0 and is_span(span) then
      done = transfer(vm, member, file, place, span)
      if done >= 0 then return done end
      if done == FAILED then error(direct_failure(file, place, span), 0) end
    end
    local ok, result = f(file, place, span, done == IN_VAIN)
    if ok then return result end
    error(result, 0)
  end
end

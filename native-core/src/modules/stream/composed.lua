-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What the composed operations of streams and of files have in common: how their arguments are checked.
--
-- chunk(native, composed, use) completes the table, which programs do not see. `arg` is which argument it is.

local native, composed = ...

local byte_span, raw_pcall, type = byte_span, native.raw_pcall, type

local function method_of (object, name) return object[name] end

-- Any object that has the method will do. It is the first argument, and called `name`.
function composed.check_method (object, method, name)
  local kind = type(object)
  if kind == 'table' or kind == 'userdata' then
    local ok, found = raw_pcall(method_of, object, method)
    if ok and found ~= nil then return end
  end
  native.raise_argument(1, 'an object with a method ' .. method, object, name)
end

function composed.bytes_of (buffer, arg)
  if type(buffer) == 'string' then return byte_span.append(buffer) end
  if not native.is_byte_span(buffer) then native.raise_argument(arg, 'a byte_span or a string', buffer, 'buffer') end
  return buffer
end

-- What a method of the object, which need not be ours, says that it moved of `size` bytes.
function composed.counted (moved, size, name)
  if type(moved) == 'number' and moved >= 0 and moved <= size and moved % 1 == 0 then return moved end
  native.raise_argument(1, 'an object that says how many bytes it moved, from 0 to ' .. size, moved, name)
end

function composed.check_span (buffer, arg)
  if not native.is_byte_span(buffer) then native.raise_argument(arg, 'a byte_span', buffer, 'buffer') end
end

function composed.check_minimum (buffer, minimum, arg)
  if type(minimum) ~= 'number' or minimum < 0 or minimum > #buffer or minimum % 1 ~= 0 then
    native.raise_argument(arg, 'an integer from 0 to the length of the buffer', minimum, 'minimum')
  end
end

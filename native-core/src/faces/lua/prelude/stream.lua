-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The composed stream operations: any object with read_some or write_some will do.
--
-- chunk(native, byte_span) returns the module.

local native, byte_span = ...

local type = type

local function bytes_of (buffer)
  if type(buffer) == 'string' then return byte_span.append(buffer) end
  if not native.is_byte_span(buffer) then native.raise_argument(2, 'a byte_span or a string') end
  return buffer
end

local function check_span (buffer)
  if not native.is_byte_span(buffer) then native.raise_argument(2, 'a byte_span') end
end

local function check_minimum (buffer, minimum)
  if type(minimum) ~= 'number' or minimum < 0 or minimum > #buffer or minimum % 1 ~= 0 then
    native.raise_argument(3, 'an integer from 0 to the length of the buffer')
  end
end

local function write_until (stream, buffer, minimum)
  local done = 0
  while done < minimum do
    done = done + stream:write_some(done == 0 and buffer or buffer:sub(1 + done))
  end
  return done
end

local function read_until (stream, buffer, minimum)
  local done = 0
  while done < minimum do
    done = done + stream:read_some(done == 0 and buffer or buffer:sub(1 + done))
  end
  return done
end

return {
  write_all = function (stream, buffer)
    buffer = bytes_of(buffer)
    return write_until(stream, buffer, #buffer)
  end,
  write_at_least = function (stream, buffer, minimum)
    buffer = bytes_of(buffer)
    check_minimum(buffer, minimum)
    return write_until(stream, buffer, minimum)
  end,
  read_all = function (stream, buffer)
    check_span(buffer)
    return read_until(stream, buffer, #buffer)
  end,
  read_at_least = function (stream, buffer, minimum)
    check_span(buffer)
    check_minimum(buffer, minimum)
    return read_until(stream, buffer, minimum)
  end
}

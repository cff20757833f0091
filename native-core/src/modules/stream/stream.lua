-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The composed stream operations: any object with read_some or write_some will do.
--
-- chunk(native, stream, use) completes the module.

local native, stream, use = ...

local byte_span, raw_pcall, type = byte_span, native.raw_pcall, type

local function method_of (stream, name) return stream[name] end

local function check_stream (stream, name)
  local kind = type(stream)
  if kind == 'table' or kind == 'userdata' then
    local ok, method = raw_pcall(method_of, stream, name)
    if ok and method ~= nil then return end
  end
  native.raise_argument(1, 'an object with a method ' .. name, stream)
end

local function bytes_of (buffer)
  if type(buffer) == 'string' then return byte_span.append(buffer) end
  if not native.is_byte_span(buffer) then native.raise_argument(2, 'a byte_span or a string', buffer) end
  return buffer
end

local function check_span (buffer)
  if not native.is_byte_span(buffer) then native.raise_argument(2, 'a byte_span', buffer) end
end

local function check_minimum (buffer, minimum)
  if type(minimum) ~= 'number' or minimum < 0 or minimum > #buffer or minimum % 1 ~= 0 then
    native.raise_argument(3, 'an integer from 0 to the length of the buffer', minimum)
  end
end

local function write_until (to, buffer, minimum)
  local done = 0
  while done < minimum do
    done = done + to:write_some(done == 0 and buffer or buffer:sub(1 + done))
  end
  return done
end

local function read_until (from, buffer, minimum)
  local done = 0
  while done < minimum do
    done = done + from:read_some(done == 0 and buffer or buffer:sub(1 + done))
  end
  return done
end

function stream.write_all (to, buffer)
  check_stream(to, 'write_some')
  buffer = bytes_of(buffer)
  return write_until(to, buffer, #buffer)
end

function stream.write_at_least (to, buffer, minimum)
  check_stream(to, 'write_some')
  buffer = bytes_of(buffer)
  check_minimum(buffer, minimum)
  return write_until(to, buffer, minimum)
end

function stream.read_all (from, buffer)
  check_stream(from, 'read_some')
  check_span(buffer)
  return read_until(from, buffer, #buffer)
end

function stream.read_at_least (from, buffer, minimum)
  check_stream(from, 'read_some')
  check_span(buffer)
  check_minimum(buffer, minimum)
  return read_until(from, buffer, minimum)
end

stream.scanner = use('stream.scanner')

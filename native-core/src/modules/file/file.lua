-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The composed operations at a place of a file: any object with read_some_at or write_some_at will do.
--
-- chunk(native, file, use) completes the module.

local native, file = ...

local byte_span, pcall, type = byte_span, pcall, type

local function method_of (object, name) return object[name] end

local function check_file (object, name)
  local kind = type(object)
  if kind == 'table' or kind == 'userdata' then
    local ok, method = pcall(method_of, object, name)
    if ok and method ~= nil then return end
  end
  native.raise_argument(1, 'an object with a method ' .. name, object)
end

local function check_offset (offset)
  if type(offset) ~= 'number' or offset < 0 or offset % 1 ~= 0 or offset > 2^53 then
    native.raise_argument(2, 'an integer from 0 to 2^53', offset)
  end
end

local function bytes_of (buffer)
  if type(buffer) == 'string' then return byte_span.append(buffer) end
  if not native.is_byte_span(buffer) then native.raise_argument(3, 'a byte_span or a string', buffer) end
  return buffer
end

local function check_span (buffer)
  if not native.is_byte_span(buffer) then native.raise_argument(3, 'a byte_span', buffer) end
end

local function check_minimum (buffer, minimum)
  if type(minimum) ~= 'number' or minimum < 0 or minimum > #buffer or minimum % 1 ~= 0 then
    native.raise_argument(4, 'an integer from 0 to the length of the buffer', minimum)
  end
end

local function write_until (to, offset, buffer, minimum)
  local done = 0
  while done < minimum do
    done = done + to:write_some_at(offset + done, done == 0 and buffer or buffer:sub(1 + done))
  end
  return done
end

local function read_until (from, offset, buffer, minimum)
  local done = 0
  while done < minimum do
    done = done + from:read_some_at(offset + done, done == 0 and buffer or buffer:sub(1 + done))
  end
  return done
end

function file.write_all_at (to, offset, buffer)
  check_file(to, 'write_some_at')
  check_offset(offset)
  buffer = bytes_of(buffer)
  return write_until(to, offset, buffer, #buffer)
end

function file.write_at_least_at (to, offset, buffer, minimum)
  check_file(to, 'write_some_at')
  check_offset(offset)
  buffer = bytes_of(buffer)
  check_minimum(buffer, minimum)
  return write_until(to, offset, buffer, minimum)
end

function file.read_all_at (from, offset, buffer)
  check_file(from, 'read_some_at')
  check_offset(offset)
  check_span(buffer)
  return read_until(from, offset, buffer, #buffer)
end

function file.read_at_least_at (from, offset, buffer, minimum)
  check_file(from, 'read_some_at')
  check_offset(offset)
  check_span(buffer)
  check_minimum(buffer, minimum)
  return read_until(from, offset, buffer, minimum)
end

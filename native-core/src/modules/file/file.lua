-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The composed operations at a place of a file: any object with read_some_at or write_some_at will do.
--
-- chunk(native, file, use) completes the module.

local native, file, use = ...

local composed = use('stream.composed')
local bytes_of, check_method, check_minimum, check_span, counted =
  composed.bytes_of, composed.check_method, composed.check_minimum, composed.check_span, composed.counted
local type = type

local function check_offset (offset)
  if type(offset) ~= 'number' or offset < 0 or offset % 1 ~= 0 or offset > 2^53 then
    native.raise_argument(2, 'an integer from 0 to 2^53', offset, 'offset')
  end
end

local function transfer (object, method, offset, buffer, minimum)
  local done = 0
  while done < minimum do
    local left = done == 0 and buffer or buffer:sub(1 + done)
    done = done + counted(object[method](object, offset + done, left), #left, 'file')
  end
  return done
end

function file.write_all_at (to, offset, buffer)
  check_method(to, 'write_some_at', 'file')
  check_offset(offset)
  buffer = bytes_of(buffer, 3)
  return transfer(to, 'write_some_at', offset, buffer, #buffer)
end

function file.write_at_least_at (to, offset, buffer, minimum)
  check_method(to, 'write_some_at', 'file')
  check_offset(offset)
  buffer = bytes_of(buffer, 3)
  check_minimum(buffer, minimum, 4)
  return transfer(to, 'write_some_at', offset, buffer, minimum)
end

function file.read_all_at (from, offset, buffer)
  check_method(from, 'read_some_at', 'file')
  check_offset(offset)
  check_span(buffer, 3)
  return transfer(from, 'read_some_at', offset, buffer, #buffer)
end

function file.read_at_least_at (from, offset, buffer, minimum)
  check_method(from, 'read_some_at', 'file')
  check_offset(offset)
  check_span(buffer, 3)
  check_minimum(buffer, minimum, 4)
  return transfer(from, 'read_some_at', offset, buffer, minimum)
end

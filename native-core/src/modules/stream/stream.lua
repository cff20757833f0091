-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The composed stream operations: any object with read_some or write_some will do.
--
-- chunk(native, stream, use) completes the module.

local native, stream, use = ...

local composed = use('stream.composed')
local bytes_of, check_method, check_minimum, check_span =
  composed.bytes_of, composed.check_method, composed.check_minimum, composed.check_span

local error, write_all_at_once = error, native.write_all_at_once

local function transfer (object, method, buffer, minimum)
  local done = 0
  while done < minimum do
    done = done + object[method](object, done == 0 and buffer or buffer:sub(1 + done))
  end
  return done
end

function stream.write_all (to, buffer)
  local all, rest = write_all_at_once(to, buffer)
  if all then return all end
  if all == false then error(rest, 0) end
  if rest then return rest + transfer(to, 'write_some', buffer:sub(1 + rest), #buffer - rest) end
  check_method(to, 'write_some', 'stream')
  buffer = bytes_of(buffer, 2)
  return transfer(to, 'write_some', buffer, #buffer)
end

function stream.write_at_least (to, buffer, minimum)
  check_method(to, 'write_some', 'stream')
  buffer = bytes_of(buffer, 2)
  check_minimum(buffer, minimum, 3)
  return transfer(to, 'write_some', buffer, minimum)
end

function stream.read_all (from, buffer)
  check_method(from, 'read_some', 'stream')
  check_span(buffer, 2)
  return transfer(from, 'read_some', buffer, #buffer)
end

function stream.read_at_least (from, buffer, minimum)
  check_method(from, 'read_some', 'stream')
  check_span(buffer, 2)
  check_minimum(buffer, minimum, 3)
  return transfer(from, 'read_some', buffer, minimum)
end

stream.scanner = use('stream.scanner')

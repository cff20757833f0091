-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The composed stream operations: any object with read_some or write_some will do.
--
-- chunk(native, stream, use) completes the module.

local native, stream, use = ...

local composed = use('stream.composed')
local bytes_of, check_method, check_minimum, check_span, counted =
  composed.bytes_of, composed.check_method, composed.check_minimum, composed.check_span, composed.counted

local error = error
local write_directly, direct_failure = native.write_directly, native.direct_failure

local function transfer (object, method, buffer, minimum)
  local done = 0
  while done < minimum do
    local left = done == 0 and buffer or buffer:sub(1 + done)
    done = done + counted(object[method](object, left), #left, 'stream')
  end
  return done
end

-- `outcome`: what write_directly said.
local function write_all_later (to, buffer, outcome)
  if outcome == -2 then error(direct_failure(to, buffer), 0) end
  check_method(to, 'write_some', 'stream')
  buffer = bytes_of(buffer, 2)
  return transfer(to, 'write_some', buffer, #buffer)
end

function stream.write_all (to, buffer)
  local done = write_directly(to, buffer)
  if done < 0 then return write_all_later(to, buffer, done) end
  local size = #buffer
  if done < size then return done + transfer(to, 'write_some', buffer:sub(1 + done), size - done) end
  return done
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

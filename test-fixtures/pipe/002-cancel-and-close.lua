-- What waits is ended by a cancellation of its fiber, by cancel and by close; nothing is lost.
local asio_error, pipe = require 'asio_error', require 'pipe'

local function outcome (f)
  local fiber = spawn(function () return pcall(f) end)
  this_fiber.yield()
  return fiber
end
local function show (what, fiber)
  local ok, e = fiber:join()
  print(what, ok, e == asio_error.basic.operation_aborted or tostring(e))
end

local reader, writer = pipe.pair()
local buffer = byte_span.new(16)
local waiting = outcome(function () return reader:read_some(buffer) end)
reader:cancel()
show('cancel', waiting)

waiting = spawn(function () return reader:read_some(buffer) end)
this_fiber.yield()
waiting:cancel()
waiting:join()
print('fiber', waiting.cancellation_caught)

waiting = outcome(function () return reader:read_some(buffer) end)
local n = writer:write_some(byte_span.append('abc'))
local ok, read = waiting:join()
print('still there', n, ok, read, tostring(buffer:first(3)))

waiting = outcome(function () return reader:read_some(buffer) end)
reader:close()
show('close', waiting)
print('closed', pcall(reader.read_some, reader, buffer))
print('closed', pcall(reader.cancel, reader))

-- A full pipe.
local reader, writer = pipe.pair()
local block = byte_span.new(65536)
writer:write_some(block)
waiting = outcome(function () return writer:write_some(block) end)
writer:cancel()
show('write', waiting)

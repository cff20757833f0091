-- What fits is written without waiting, in the order that all operations keep: may it suspend here, is it canceled, and
-- only then the bytes.
local generic_error, pipe, stream = require 'generic_error', require 'pipe', require 'stream'

local reader, writer = pipe.pair()
local three = byte_span.append('abc')
print('all', stream.write_all(writer, three), writer:write_some(three), reader.is_open)

this_fiber.forbid_suspend()
local forbidden = select(2, pcall(stream.write_all, writer, three))
local some = select(2, pcall(writer.write_some, writer, three))
this_fiber.allow_suspend()
print('forbidden', tostring(forbidden), tostring(some))

local canceled = spawn(function ()
  this_fiber.disable_cancellation()
  this_fiber.yield()
  this_fiber.restore_cancellation()
  stream.write_all(writer, three)
end)
canceled:cancel()
canceled:join()
print('canceled', canceled.cancellation_caught)

local buffer = byte_span.new(100)
print('only what was let through', tostring(buffer:first(reader:read_some(buffer))))

-- A part fits: the rest waits its turn, and is canceled where it waits.
local size = 200000
local big = byte_span.new(size)
for i = 1, size do big[i] = i % 251 end
local writes = spawn(function () return stream.write_all(writer, big) end)
this_fiber.yield()
local all = byte_span.new(size)
print('a part', stream.read_all(reader, all), writes:join(), all == big)

local stopped = spawn(function () return stream.write_all(writer, big) end)
this_fiber.yield()
stopped:cancel()
stopped:join()
local n = reader:read_some(all)
print('the front of it', stopped.cancellation_caught, n < size, all:first(n) == big:first(n))
while n > 0 do
  local more = spawn(function () return reader:read_some(all) end)
  this_fiber.yield()
  more:cancel()
  n = more:join() or 0
end

-- Errors say what they said.
print('wrong', pcall(stream.write_all, writer, 7))
print('wrong', pcall(stream.write_all, reader, three))
reader:close()
for _, write in ipairs{ stream.write_all, writer.write_some } do
  local ok, e = pcall(write, writer, three)
  print('nobody reads', ok, e:togeneric() == generic_error.EPIPE, e.syscall)
end
writer:close()
for _, write in ipairs{ stream.write_all, writer.write_some } do
  local ok, e = pcall(write, writer, three)
  print('closed', ok, e:togeneric() == generic_error.EBADF, e.syscall)
end

-- A view that was asked for before is found again as long as somebody has it.
local front = buffer:first(3)
front[1] = 120
print('views', buffer:first(3) == front, #buffer:first(2), #buffer:first(3), #front, front.capacity, buffer[1])
front = nil
collectgarbage()
print('views', tostring(buffer:first(1)))

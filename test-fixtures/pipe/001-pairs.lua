-- A pipe has two ends; bytes come out in the order in which they went in, and the end is an error.
local asio_error, generic_error, pipe, stream = require 'asio_error', require 'generic_error', require 'pipe', require 'stream'

local reader, writer = pipe.pair()
print(reader.is_open, writer.is_open)

local producer = spawn(function ()
  for _, word in ipairs{ 'one', 'two', 'three' } do
    stream.write_all(writer, word .. '\n')
    this_fiber.yield()
  end
  writer:close()
  writer:close()
end)

local lines = stream.scanner.new{ stream = reader }
for _ = 1, 3 do print(tostring(lines:get_line())) end
local ok, e = pcall(lines.get_line, lines)
print(ok, e == asio_error.misc.eof)
producer:join()
print(writer.is_open)

-- More than a pipe holds.
local reader, writer = pipe.pair()
local size = 1024 * 1024
local big = byte_span.new(size):fill(120)
local sent = spawn(function () return stream.write_all(writer, big) end)
local all = byte_span.new(size)
print(stream.read_all(reader, all) == size, sent:join() == size, all == big)

-- Nobody reads: an error, and no signal.
reader:close()
local ok, e = pcall(writer.write_some, writer, big)
print(ok, e:togeneric() == generic_error.EPIPE)

-- No data.
print(writer:write_some(byte_span.new(0)))

-- composed operations on any stream object
local stream = require 'stream'
local sizes = {}
local sink = {data = ''}
function sink:write_some(buf)
    local n = math.min(3, #buf)
    self.data = self.data .. tostring(buf:first(n))
    sizes[#sizes + 1] = n
    return n
end
print(stream.write_all(sink, 'Hello World'), sink.data, table.concat(sizes, ' '))
sink.data, sizes = '', {}
print(stream.write_all(sink, byte_span.append('abc')), sink.data)
print(stream.write_at_least(sink, byte_span.append('0123456789'), 4), sink.data)
local src = {data = 'The quick brown fox'}
function src:read_some(buf)
    if #self.data == 0 then error(require('asio_error').misc.eof) end
    local n = buf:first(math.min(2, #buf)):copy(self.data)
    self.data = self.data:sub(n + 1)
    return n
end
local buf = byte_span.new(5)
print(stream.read_all(src, buf), buf)
print(stream.read_at_least(src, buf, 3), buf)
local big = byte_span.new(100)
local ok, e = pcall(stream.read_all, src, big)
print(ok, e == require('asio_error').misc.eof, big:first(10))

-- Ends become descriptors and descriptors ends; one that cannot do what is wanted is refused and stays the caller's.
local pipe, stream = require 'pipe', require 'stream'

local function code (ok, e) return ok, not ok and (e.code or e), not ok and e.arg end

local reader, writer = pipe.pair()
local fd = reader:release()
print(reader.is_open, fd.type, fd.non_blocking)
print('wrong end', code(pcall(pipe.write_stream.new, fd)))
print('still ours', fd.type)
local again = pipe.read_stream.new(fd)
print(again.is_open, pcall(function () return fd.type end))
stream.write_all(writer, 'through')
local buffer = byte_span.new(16)
print(tostring(buffer:first(again:read_some(buffer))))

local other = writer:release()
local taken = pipe.write_stream.new()
print(taken.is_open)
taken:assign(other)
print('open already', code(pcall(taken.assign, taken, again:release())))
taken:write_some(byte_span.append('x'))

local system = require 'system'
local copy = system.out:dup()
local out = pipe.write_stream.new(copy)
out:write_some(byte_span.append('written to standard output\n'))
out:close()
print('nothing', code(pcall(pipe.read_stream.new, 5)))

-- What it was is known after it was handed on, here and in a message; nothing else is.
local r, w = pipe.pair()
local fd = w:release()
local again = pipe.write_stream.new(fd)
print(fd.type, pcall(fd.dup, fd), select(2, pcall(function () return fd.non_blocking end)))
print(pcall(function () fd.type = 'regular' end))
fd = again:release()
fd:close()
print(pcall(function () return fd.type end))

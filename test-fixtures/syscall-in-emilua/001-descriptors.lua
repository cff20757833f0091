-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Descriptors of the module and Emilua's own change into each other; both are taken where one is wanted.
-- env: EMILUA_PATH=$DIR/../../packages
local S = require 'syscall'
local pipe = require 'pipe'

-- out of the module: the open file, its position, and nothing left behind
local file = assert(S.open('/proc/self/stat'))
file:read(nil, 1)
local number = file.fileno
local given = file:to_file_descriptor()
print(given.type, file.fileno, S.fstat(number) == nil, S.fstat(given).isreg, S.fcntl(given, 'getfd') == S.FD_CLOEXEC)
print(tonumber(S.lseek(given, 0, 'cur')))

-- and into it again, by the constructor or by name
local back = S.t.fd(given)
print(tonumber(back:lseek(0, 'cur')), tostring(given), (pcall(S.fstat, given)), back:close())
given = S.to_file_descriptor(assert(S.open('/dev/zero')))
print(S.from_file_descriptor(given):read(nil, 2) == '\0\0')

-- what fibers read from: a pipe of the kernel's that was made here
local p = assert(S.pipe('cloexec'))
local stream = pipe.read_stream.new(S.to_file_descriptor(p[1]))
local buffer = byte_span.new(16)
local reader = spawn(function () return tostring(buffer:first(stream:read_some(buffer))) end)
this_fiber.yield()
print(p[2]:write('from below'), reader:join(), p[2]:close())

-- and the other way: what a stream gives away
local r, w = pipe.pair()
local own = S.t.fd(w:release())
print(own:write('from above'), own:close())
print(r:read_some(buffer), tostring(buffer:first(10)))

-- from a fiber, and in one as well
print(spawn(function () return S.to_file_descriptor(S.open('/')).type end):join())
print((pcall(S.to_file_descriptor, 'nothing')), (pcall(S.t.fd, stream)))

-- what was given is closed
local given = pipe.pair():release()
assert(S.t.fd(given))
print((select(2, pcall(S.t.fd, given)):match('the file_descriptor.*')))

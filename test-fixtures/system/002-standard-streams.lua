-- SPDX-License-Identifier: MIT OR BSL-1.0
-- From standard input to standard output, to the end and beyond it.
local system = require 'system'
local stream = require 'stream'
local generic_error = require 'generic_error'
local eof = require('asio_error').misc.eof

print(rawequal(system.out, system.out), system.out ~= system.err)
print(system.in_:isatty())

local buf = byte_span.new(7)
while true do
    local ok, n = pcall(system.in_.read_some, system.in_, buf)
    if not ok then
        print(n == eof)
        break
    end
    stream.write_all(system.out, buf:first(n))
end
print(pcall(system.in_.read_some, system.in_, buf))

print(system.out:write_some(byte_span.new(0)), system.in_:read_some(byte_span.new(0)))

local function code(...)
    local ok, e = pcall(...)
    return ok, not ok and e.arg
end
print(code(system.out.write_some, system.out))
print(code(system.in_.read_some, system.in_, 'text'))
print(code(system.out.dup_from, system.out, 1))
local ok, e = pcall(system.in_.tcgetpgrp, system.in_)
print(ok, e:togeneric() == generic_error.ENOTTY)

-- The descriptor that a stream was connected to stays open.
local saved = system.out:dup()
system.out:dup_from(saved)
system.err:dup_from(saved)
stream.write_all(system.err, 'through err\n')
saved:close()
stream.write_all(system.out, 'through out\n')
print(pcall(system.out.dup_from, system.out, saved) == false)

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Descriptors that a program was started with, each of them once.
local system = require 'system'
local pipe = require 'pipe'
local stream = require 'stream'
local children = require './m_child'

if system.arguments[3] == 'child' then
    local fd = system.get_lowfd(4)
    local kind = fd.type
    stream.write_all(pipe.write_stream.new(fd), table.concat({
        kind, tostring(system.get_lowfd(4)), tostring(system.get_lowfd(5)), tostring(system.get_lowfd(9).type),
        tostring(pcall(system.get_lowfd, 10))
    }, ' '))
    return
end

local reader, writer = pipe.pair()
writer = writer:release()
local child = system.spawn(children.again('child', { extra_fds = { [4] = writer, [9] = writer } }))
writer:close()
local buffer = byte_span.new(100)
print(buffer:first(reader:read_some(buffer)))
child:wait()
print(child.exit_code, system.get_lowfd(4))

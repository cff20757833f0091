-- a sent IO object moves; the original becomes unusable
-- tags: ambiguous (the reference does not list the sendable IO object types)
local inbox = require 'inbox'
local pipe = require 'pipe'
local stream = require 'stream'
if _CONTEXT == 'main' then
    local pin, pout = pipe.pair()
    local ch = spawn_vm('.')
    ch:send(pout)
    print((pcall(function() return pout:write_some(byte_span.append('x')) end)))
    local buf = byte_span.new(5)
    stream.read_all(pin, buf)
    print(buf)
else
    stream.write_all(inbox:receive(), 'moved')
end

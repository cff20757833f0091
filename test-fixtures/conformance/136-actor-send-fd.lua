-- file descriptors travel over channels between local actors too
local inbox = require 'inbox'
local pipe = require 'pipe'
local stream = require 'stream'
if _CONTEXT == 'main' then
    local pin, pout = pipe.pair()
    local ch = spawn_vm('.')
    ch:send{fd = pout:release(), text = 'through the fd'}
    local buf = byte_span.new(14)
    stream.read_all(pin, buf)
    print(buf)
else
    local m = inbox:receive()
    stream.write_all(pipe.write_stream.new(m.fd), m.text)
end

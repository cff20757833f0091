-- Takes nothing until the pipe that it is given ends, then as many messages as it was told.
local inbox, pipe = require 'inbox', require 'pipe'
local start = inbox:receive()
start.main:send{ own = inbox }
local gate = pipe.read_stream.new(start.gate)
pcall(gate.read_some, gate, byte_span.new(1))
local got = {}
for i = 1, start.count do got[i] = inbox:receive() end
start.main:send{ got = got }

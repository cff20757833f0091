-- Sends so many bytes when it is told to.
local inbox = require 'inbox'
local start = inbox:receive()
local bytes = byte_span.with_zeros(start.size)
bytes[start.size] = 7
start.to:send('ready')
inbox:receive()
start.to:send(bytes)

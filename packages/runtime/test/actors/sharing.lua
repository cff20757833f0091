-- Sends a table in two places, and many bytes.
local inbox = require 'inbox'
local shared = { 1, 2 }
local bytes = byte_span.new(200000)
bytes[1], bytes[200000] = 1, 7
inbox:receive().to:send{ a = shared, b = { deep = shared }, bytes = bytes }

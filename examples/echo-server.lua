-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Sends back what it is sent, a fiber a connection. Ctrl+C ends it: the
-- acceptor closes, the connections are canceled, and the program ends when the
-- last of them has cleaned up.
--
--   ./emilua examples/echo-server.lua -- 127.0.0.1:7000
local ip = require 'ip'
local stream = require 'stream'
local system = require 'system'

local acceptor = ip.tcp.listen(system.arguments[3] or '127.0.0.1:7000')
local connections = {}

local function serve(socket)
    scope_cleanup_push(function() socket:close() end)
    local buffer = byte_span.new(16384)
    while true do
        local n = socket:read_some(buffer)
        stream.write_all(socket, buffer:sub(1, n))
    end
end

local server = spawn(function()
    while true do
        local socket = acceptor:accept()
        local connection
        connection = spawn(function()
            scope_cleanup_push(function() connections[connection] = nil end)
            -- The end of the stream, or a peer that is gone: not our failure.
            pcall(serve, socket)
        end)
        connections[connection] = true
    end
end)

print('listening on ' .. tostring(acceptor.local_address) .. ':' .. acceptor.local_port)

local interrupted = system.signal.set.new(system.signal.SIGINT, system.signal.SIGTERM)
interrupted:wait()
print('closing')
acceptor:close()
server:cancel()
for connection in pairs(connections) do connection:cancel() end

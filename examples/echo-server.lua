-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Sends back what it is sent, a fiber a connection. Ctrl+C ends it: the
-- acceptor closes, the connections are canceled, and the program ends when the
-- last of them has cleaned up.
--
--   ./emilua examples/echo-server.lua -- 127.0.0.1:7000
local generic_error = require 'generic_error'
local ip = require 'ip'
local stream = require 'stream'
local system = require 'system'
local time = require 'time'

local acceptor = ip.tcp.listen(system.arguments[3] or '127.0.0.1:7000')
local connections = {}

-- Without descriptors or memory for a connection it stays queued, until some
-- other one is closed. It must not end the server.
local exhausted = {}
for _, name in ipairs{'EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'} do
    exhausted[generic_error[name].code] = true
end

local function accept()
    while true do
        local ok, result = pcall(function() return acceptor:accept() end)
        if ok then return result end
        if not exhausted[result:togeneric().code] then error(result) end
        time.sleep(0.05)
    end
end

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
        local socket = accept()
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

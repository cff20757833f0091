-- SPDX-License-Identifier: MIT OR BSL-1.0
-- A fiber a connection: what is read is written back. Prints "port N".
local ip = require('ip')
local stream = require('stream')

local acceptor = ip.tcp.listen('127.0.0.1:0')
print('port ' .. acceptor.local_port)

local function serve(socket)
    socket:set_option('tcp_no_delay', true)
    local buffer = byte_span.new(16384)
    while true do
        local n = socket:read_some(buffer)
        stream.write_all(socket, buffer:first(n))
    end
end

while true do
    local socket = acceptor:accept()
    spawn(function()
        -- A peer that goes away ends its fiber: the end of the stream is an error.
        pcall(serve, socket)
        socket:close()
    end):detach()
end

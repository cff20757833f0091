-- SPDX-License-Identifier: MIT OR BSL-1.0
-- A fiber a connection: what is read is written back. Prints "port N". Arguments: certificate, key.
local fs, ip, stream = require('filesystem'), require('ip'), require('stream')
local arguments, tls = require('system').arguments, require('tls')

local context = tls.context.new('tls_server')
context:use_certificate_chain_file(fs.path.new(arguments[#arguments - 1]))
context:use_private_key_file(fs.path.new(arguments[#arguments]), 'pem')
local acceptor = ip.tcp.listen('127.0.0.1:0')
print('port ' .. acceptor.local_port)

local function serve(socket)
    socket:server_handshake()
    local buffer = byte_span.new(16384)
    while true do
        local n = socket:read_some(buffer)
        stream.write_all(socket, buffer:first(n))
    end
end

while true do
    local connection = acceptor:accept()
    connection:set_option('tcp_no_delay', true)
    local socket = tls.socket.new(connection, context)
    spawn(function()
        -- A peer that goes away ends its fiber: the end of the stream is an error.
        pcall(serve, socket)
        socket:close()
    end):detach()
end

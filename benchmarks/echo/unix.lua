-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Echo over UNIX sockets of the kind that the last argument names: "stream", "datagram", or "descriptors", which go
-- back with the bytes they came with. Prints "port N"; its name is that of N.
local stream = require 'stream'
local system = require 'system'
local unix = require 'unix'

local kind, buffer_size = system.arguments[#system.arguments], 16384
local name = 'emilua-benchmark-' .. system.getpid()

local function serve_stream(socket)
    local buffer = byte_span.new(buffer_size)
    while true do
        local n = socket:read_some(buffer)
        stream.write_all(socket, buffer:first(n))
    end
end

local function serve_descriptors(socket)
    local buffer = byte_span.new(buffer_size)
    while true do
        local n, fds = socket:receive_with_fds(buffer, 1)
        socket:send_with_fds(buffer:first(n), fds)
        fds[1]:close()
    end
end

if kind == 'datagram' then
    local socket, buffer = unix.datagram.socket.new(), byte_span.new(buffer_size)
    socket:bind('\0' .. name)
    print('port ' .. system.getpid())
    while true do
        local n, from = socket:receive_from(buffer)
        pcall(socket.send_to, socket, buffer:first(n), from) -- its client may have gone
    end
end

local acceptor, serve = unix.stream.listen('@' .. name), kind == 'stream' and serve_stream or serve_descriptors
print('port ' .. system.getpid())
while true do
    local socket = acceptor:accept()
    spawn(function()
        pcall(serve, socket)
        socket:close()
    end):detach()
end

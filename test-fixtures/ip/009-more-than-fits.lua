-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Megabytes both ways at once through small buffers arrive whole and in order.
-- needs: ipv6
local ip = require 'ip'
local stream = require 'stream'

local acceptor = ip.tcp.listen('[::1]:0')
local f = spawn(function () return acceptor:accept() end)
local a = ip.tcp.dial('[::1]:' .. acceptor.local_port)
local b = f:join()
print(a.remote_address, b.local_address.is_v6)
for _, s in ipairs { a, b } do
    s:set_option('send_buffer_size', 8192)
end

local blocks, size = 64, 32768
local function block(i) return byte_span.append(string.rep(string.char(i), size)) end
local function send(s)
    return spawn(function ()
        for i = 1, blocks do stream.write_all(s, block(i)) end
        s:shutdown('send')
    end)
end
local function receive(s)
    return spawn(function ()
        local whole = byte_span.new(size)
        for i = 1, blocks do
            stream.read_all(s, whole)
            if whole ~= block(i) then return 'block ' .. i .. ' differs' end
        end
        local ok, e = pcall(s.read_some, s, whole)
        return not ok and e == require('asio_error').misc.eof
    end)
end
local sends, receives = { send(a), send(b) }, { receive(a), receive(b) }
print(receives[1]:join(), receives[2]:join())
sends[1]:join()
sends[2]:join()

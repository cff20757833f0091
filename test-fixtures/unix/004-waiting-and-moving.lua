-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Operations that wait are canceled alone, end with their object, and go on when there is room; objects move.
local ge = require 'generic_error'
local pipe = require 'pipe'
local stream = require 'stream'
local unix = require 'unix'

if _CONTEXT == 'worker' then
  local inbox = require 'inbox'
  local message = inbox:receive()
  stream.write_all(message.socket, 'from the actor')
  message.packets:send_with_fds('with one', { pipe.pair():release() })
  stream.write_all(message.acceptor:accept(), 'accepted')
  message.done:send 'done'
  return
end

local buffer = byte_span.new(64)

for _, kind in ipairs { 'seqpacket', 'datagram' } do
  local a, b = unix[kind].socket.pair()
  local receiving = spawn(function () return b:receive_with_fds(byte_span.new(8), 1) end)
  this_fiber.yield()
  receiving:cancel()
  receiving:join()
  print(kind, receiving.cancellation_caught)
  a:send('kept')
  print(buffer:first(b:receive(buffer)))
  local e
  local closing = spawn(function () e = select(2, pcall(b.receive, b, buffer)) end)
  this_fiber.yield()
  b:close()
  closing:join()
  print(e:togeneric() == ge.ECANCELED)
end

-- A sender waits until there is room, and may close what it sends meanwhile.
local a, b = unix.datagram.socket.pair()
local reader, writer = pipe.pair()
local fd = writer:release()
local sent = 0
local sending = spawn(function ()
  for i = 1, 100 do
    a:send_with_fds(tostring(i), { fd })
    sent = i
  end
end)
for _ = 1, 5 do this_fiber.yield() end
print(sent > 0, sent < 100)
local last = 0
for i = 1, 100 do
  local n, fds = b:receive_with_fds(buffer, 1)
  assert(tostring(buffer:first(n)) == tostring(i) and fds[1].type == 'fifo')
  fds[1]:close()
  last = i
end
sending:join()
print(sent, last)

-- To somebody whose queue others have filled nothing would tell when there is room.
local receiver = unix.datagram.socket.new()
receiver:bind('')
local others = unix.datagram.dial(receiver.local_path)
local flood = spawn(function () while true do others:send('x') end end)
local mine, ok, e
repeat
  this_fiber.yield()
  mine = unix.datagram.socket.new()
  mine:open()
  ok, e = pcall(mine.send_to, mine, 'y', receiver.local_path)
until not ok
print(ok, e:togeneric() == ge.EAGAIN)
-- One that is connected waits.
mine:connect(receiver.local_path)
local waiting = spawn(function () return mine:send('z') end)
for _ = 1, 5 do this_fiber.yield() end
flood:cancel()
flood:join()
repeat local text = tostring(buffer:first(receiver:receive(buffer))) until text == 'z'
print(waiting:join())

-- To an actor, open as they are.
local actor = spawn_vm { module = '.' }
local near, far = unix.stream.socket.pair()
local here, there = unix.seqpacket.socket.pair()
local acceptor = unix.stream.acceptor.new()
acceptor:bind('')
acceptor:listen()
local name = acceptor.local_path
local inbox = require 'inbox'
actor:send { socket = far, packets = there, acceptor = acceptor, done = inbox }
print(pcall(far.write_some, far, buffer))
print(buffer:first(near:read_some(buffer)))
local n, fds = here:receive_with_fds(buffer, 1)
print(buffer:first(n), fds[1].type)
local dialed = unix.stream.dial(name)
print(buffer:first(dialed:read_some(buffer)), inbox:receive())

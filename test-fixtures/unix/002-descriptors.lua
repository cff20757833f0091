-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Descriptors in messages: who has them afterwards, and how many there are.
local fs = require 'filesystem'
local ge = require 'generic_error'
local pipe = require 'pipe'
local stream = require 'stream'
local unix = require 'unix'

local fds_of_process = fs.path.new('/proc/self/fd')
local function count ()
  collectgarbage()
  collectgarbage()
  local n = 0
  for _ in fs.directory_iterator(fds_of_process) do n = n + 1 end
  return n
end
local buffer = byte_span.new(64)
-- What the process opens with its first socket is no part of the count.
unix.stream.socket.pair()

local function fails (what, f, ...)
  local ok, e = pcall(f, ...)
  print(what, ok, e:togeneric() == ge.EINVAL and 'EINVAL' or e:togeneric() == ge.EBADF and 'EBADF' or e.message, e.arg)
end

for _, kind in ipairs { 'stream', 'seqpacket', 'datagram' } do
  print(kind)
  local before = count()
  local a, b = unix[kind].socket.pair()
  local r, w = pipe.pair()
  local fd = w:release()

  -- The sender keeps its own, and may close it before anybody has received.
  print(a:send_with_fds('here', { fd, fd }), fd.type)
  fd:close()
  local n, fds = b:receive_with_fds(buffer, 5)
  print(buffer:first(n), #fds, fds[1]:kcmp(fds[2]))
  local writer = pipe.write_stream.new(fds[1])
  fds[2]:close()
  stream.write_all(writer, 'through it')
  print(buffer:first(r:read_some(buffer)))
  writer:close()
  fd = r:release()

  -- More than wanted are closed, and none is wanted by who reads bytes alone.
  a:send_with_fds('x', { fd, fd, fd })
  n, fds = b:receive_with_fds(buffer, 1)
  print(n, #fds)
  fds[1]:close()
  a:send_with_fds('y', { fd, fd })
  print(select(2, b:receive_with_fds(buffer, 0))[1])
  a:send_with_fds('z', { fd })
  print(kind == 'stream' and b:read_some(buffer) or kind ~= 'stream' and b:receive(buffer))

  -- As many as the system lets through, and one more.
  local many = {}
  for i = 1, 253 do many[i] = fd end
  a:send_with_fds('many', many)
  n, fds = b:receive_with_fds(buffer, 1000)
  print(n, #fds)
  for _, one in ipairs(fds) do one:close() end
  many[254] = fd
  fails('254', a.send_with_fds, a, 'x', many)

  -- Without bytes.
  if kind == 'stream' then
    fails('no bytes', a.send_with_fds, a, '', { fd })
  else
    a:send_with_fds('', { fd })
    n, fds = b:receive_with_fds(buffer, 1)
    print('no bytes', n, #fds)
    fds[1]:close()
  end
  print(a:send_with_fds('', {}))

  -- A message that cannot be sent leaves everything as it was.
  local closed = fd:dup()
  closed:close()
  fails('closed', a.send_with_fds, a, 'x', { fd, closed })
  fails('no list', a.send_with_fds, a, 'x', fd)
  fails('negative', b.receive_with_fds, b, buffer, -1)
  b:close()
  print(pcall(a.send_with_fds, a, 'x', { fd }), fd.type)
  fd:close()
  a:close()
  print('left', count() - before)
end

-- What was never received is closed with the socket, what was received and not taken by the collector.
local before = count()
local a, b = unix.stream.socket.pair()
local r, w = pipe.pair()
local fd = w:release()
for _ = 1, 3 do a:send_with_fds('x', { fd }) end
b:receive_with_fds(buffer, 1)
a:close()
b:close()
fd:close()
r:close()
print('left', count() - before)

-- Bytes behind descriptors are not forgotten by a read that stopped at them.
a, b = unix.stream.socket.pair()
r, w = pipe.pair()
fd = w:release()
local reader = spawn(function ()
  local text = ''
  while #text < 33 do text = text .. tostring(buffer:first(b:read_some(buffer))) end
  print(text)
end)
for _ = 1, 3 do
  this_fiber.yield()
  a:send_with_fds('with', { fd })
  a:write_some(byte_span.append('without'))
end
reader:join()

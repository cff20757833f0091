-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What waits is ended alone, loses nothing, and goes on when there is room; ports move between actors.
-- needs: pty
local asio_error, generic_error = require 'asio_error', require 'generic_error'
local serial_port, stream = require 'serial_port', require 'stream'

if _CONTEXT == 'worker' then
  local inbox = require 'inbox'
  local message = inbox:receive()
  local buffer = byte_span.new(64)
  local n = message.terminal:read_some(buffer)
  stream.write_all(message.terminal, 'the actor read ' .. tostring(buffer:first(n)))
  message.back:send(message.master)
  return
end

local buffer = byte_span.new(64)
local function outcome (f)
  local fiber = spawn(function () return pcall(f) end)
  this_fiber.yield()
  return fiber
end
local function show (what, fiber)
  local ok, e = fiber:join()
  print(what, ok, e == asio_error.basic.operation_aborted or tostring(e))
end

local master, slave = serial_port.ptypair()
local terminal = serial_port.new(slave)
local waiting = outcome(function () return master:read_some(buffer) end)
master:cancel()
show('cancel', waiting)
waiting = spawn(function () return terminal:read_some(buffer) end)
this_fiber.yield()
waiting:cancel()
waiting:join()
print('fiber', waiting.cancellation_caught)
waiting = outcome(function () return terminal:read_some(buffer) end)
stream.write_all(master, 'kept\n')
local ok, n = waiting:join()
print(ok, n, (tostring(buffer:first(n)):gsub('\n', '<nl>')))

-- Written until nobody takes any more; every byte arrives, in order. So does what a shared terminal is given.
local function flood (from, to)
  local sent, size = 0, 1048576
  local data = byte_span.new(size)
  for i = 1, size do data[i] = 97 + i % 26 end
  local writing = spawn(function () while sent < size do sent = sent + from:write_some(data:sub(sent + 1)) end end)
  local before
  repeat
    before = sent
    for _ = 1, 10 do this_fiber.yield() end
  until sent == before
  assert(sent < size)
  local all = byte_span.new(size)
  stream.read_all(to, all)
  writing:join()
  print(all == data)
end
local master, slave = serial_port.ptypair()
local port, terminal = serial_port.new(), serial_port.new(slave:dup())
port:open((tostring(slave):gsub('^/dev/fd/', '/proc/self/fd/'))) -- raw from now on
flood(port, master)
flood(master, port)
flood(terminal, master)

waiting = outcome(function () return terminal:read_some(buffer) end)
terminal:close()
show('close', waiting)
print('closed', select(2, pcall(terminal.read_some, terminal, buffer)):togeneric() == generic_error.EBADF)

-- Nothing that waits can leave; then both ends do.
local master, slave = serial_port.ptypair()
local terminal = serial_port.new(slave)
local actor = spawn_vm{ module = '.' }
waiting = outcome(function () return terminal:read_some(buffer) end)
local inbox = require 'inbox'
local ok, e = pcall(actor.send, actor, { terminal = terminal, master = master, back = inbox })
print(ok, e:togeneric() == generic_error.EBUSY, terminal.is_open, master.is_open)
terminal:cancel()
show('cancel', waiting)
stream.write_all(master, 'a line\n')
actor:send{ terminal = terminal, master = master, back = inbox }
print(pcall(terminal.read_some, terminal, buffer))
local master = inbox:receive()
local all = ''
while not all:find('actor read a line', 1, true) do all = all .. tostring(buffer:first(master:read_some(buffer))) end
print((all:gsub('\r\n', '|')))

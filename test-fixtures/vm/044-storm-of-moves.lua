-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Streams and descriptors are sent to actors that end meanwhile. Each is in one place afterwards, or closed: whoever
-- reads from the other end is told of the end, and no descriptor is left over. EMILUA_STORM multiplies how many.
local inbox = require 'inbox'
local pipe = require 'pipe'
local stream = require 'stream'

if _CONTEXT ~= 'main' then
  local first = inbox:receive()
  for _ = 1, first.life do
    local ok, m = pcall(inbox.receive, inbox)
    if not ok then break end
    local writer = m.writer or pipe.write_stream.new(m.fd)
    -- Whoever sent one end of two has the other, and may have sent that as well.
    if not pcall(stream.write_all, writer, 'x') then break end
    -- Those that are left open are closed with the VM.
    if m.closes then writer:close() end
  end
  if first.way == 'closes' then
    inbox:close()
  elseif first.way == 'fails' then
    require('system').exit(3)
  end
  return
end

local fs = require 'filesystem'
local function open_descriptors ()
  local n = 0
  for _ in fs.directory_iterator(fs.path.new('/proc/self/fd')) do n = n + 1 end
  return n
end

local buffer = byte_span.new(8)
-- What comes until the end.
local function all_of (reader)
  local text = ''
  while true do
    local ok, n = pcall(reader.read_some, reader, buffer)
    if not ok then break end
    text = text .. tostring(buffer:first(n))
  end
  reader:close()
  return text
end

local ways = { 'ends', 'closes', 'fails' }
local moved, kept, dropped = 0, 0, 0
local function round (i)
  local actor = spawn_vm{ module = '.', inherit_context = i % 4 == 0 }
  local life = i % 6
  actor:send{ life = life, way = ways[i % 3 + 1] }
  local readers = {}
  for k = 1, 8 do
    local reader, writer = pipe.pair()
    local message = { writer = writer, closes = k % 2 == 0 }
    local fd
    if k % 3 == 0 then
      fd = writer:release()
      message = { fd = fd, closes = true }
    end
    local ok = pcall(actor.send, actor, message)
    if ok then
      assert(not pcall(function () return (fd or writer):release() end))
    else
      -- What was not sent is still here, and works.
      writer = fd and pipe.write_stream.new(fd) or writer
      stream.write_all(writer, 'y')
      writer:close()
    end
    readers[k] = { reader = reader, sent = ok }
    if k % 4 == i % 4 then this_fiber.yield() end
  end
  if i % 2 == 0 then actor:close() end
  for _, each in ipairs(readers) do
    local text = all_of(each.reader)
    assert(text == (each.sent and 'x' or 'y') or each.sent and text == '', text)
    if not each.sent then
      kept = kept + 1
    elseif text == 'x' then
      moved = moved + 1
    else
      dropped = dropped + 1
    end
  end
  if i % 2 ~= 0 then actor:closed() end
  if i % 2 ~= 0 then actor:close() end
end

-- The first one brings the reactor's.
for _, each in ipairs{ pipe.pair() } do each:close() end
local before = open_descriptors()
local times = 200 * tonumber(require('system').environment.EMILUA_STORM or 1)
for i = 1, times do round(i) end
print(moved > 0, dropped > 0, moved + dropped + kept == 8 * times)

-- One end waits to read while its peer writes on another thread: the other end is refused, or leaves with what came.
local unix = require 'unix'
local EBUSY = require('generic_error').EBUSY
local here, there = 0, 0
for _ = 1, times do
  local a, b = unix.stream.socket.pair()
  local actor = spawn_vm{ module = '.', inherit_context = false }
  local got
  local reading = spawn(function () got = tostring(buffer:first(a:read_some(buffer))) end)
  this_fiber.yield()
  local reader, writer = pipe.pair()
  actor:send{ life = 2 }
  actor:send{ writer = b, closes = true }
  local refusals = 0
  while true do
    local ok, e = pcall(actor.send, actor, { writer = a, closes = true })
    if ok then
      there = there + 1
      break
    end
    assert(e == EBUSY or e.togeneric and e:togeneric() == EBUSY, e)
    refusals = refusals + 1
    if refusals % 2 == 0 then reading:cancel() end
    this_fiber.yield()
  end
  reading:join()
  assert(got == 'x' or reading.cancellation_caught)
  if got then here = here + 1 end
  writer:close()
  reader:close()
  actor:closed()
  actor:close()
end
print(there == times, here <= times)
-- The threads of the last actors may still be ending.
local left
for _ = 1, 20000 do
  collectgarbage()
  left = open_descriptors() - before
  if left == 0 then break end
  this_fiber.yield()
end
print(left)

-- An inbox with a limit: who sends waits for room, in order, can be canceled meanwhile, and is told when the actor ends;
-- or sending fails.
-- env: EMILUA_COLORS=0
local inbox, ip, system = require 'inbox', require 'ip', require 'system'

if _CONTEXT ~= 'main' then
  -- Takes as many as it is told, and tells them.
  local start = inbox:receive()
  start.main:send{ own = inbox }
  for _, n in ipairs(start.turns) do
    local got = {}
    local go = require 'pipe'.read_stream.new(table.remove(start.gates, 1))
    pcall(go.read_some, go, byte_span.new(1))
    for i = 1, n do got[i] = inbox:receive() end
    start.main:send(got)
  end
  return
end

local pipe = require 'pipe'

-- An actor with room for `limit`, that takes its messages when it is let.
local function start (limit, full, turns)
  local actor = spawn_vm{ module = '.', inbox = { limit = limit, full = full } }
  local doors, gates = {}, {}
  for i = 1, #turns do
    local reader, writer = pipe.pair()
    gates[i], doors[i] = reader:release(), writer
  end
  actor:send{ main = inbox, turns = turns, gates = gates }
  -- It has taken that.
  local own = inbox:receive().own
  return actor, function () table.remove(doors, 1):close() end, own
end

local function says (what, f, ...)
  local ok, e = pcall(f, ...)
  print(what, ok, not ok and (tostring(e):gsub('actor %S*/', 'actor ')) or nil)
end

local function settle () for _ = 1, 20 do this_fiber.yield() end end

-- Waits for room, and those that wait get in as they came.
do
  local actor, open = start(2, 'wait', { 6 })
  actor:send(1)
  actor:send(2)
  local sent, fibers = 0, {}
  for i = 3, 6 do
    fibers[#fibers + 1] = spawn(function () actor:send(i) sent = sent + 1 end)
    this_fiber.yield()
  end
  settle()
  print('sent while it is full', sent)
  open()
  print(table.concat(inbox:receive(), ' '))
  for _, fiber in ipairs(fibers) do fiber:join() end
  print('sent', sent)
end

-- A wait for room is canceled: nothing is sent, and what was to move is usable.
do
  local actor, open = start(1, nil, { 2 })
  actor:send('first')
  local socket = ip.udp.socket.new()
  socket:open('v4')
  local canceled = spawn(function () actor:send{ { socket } } end)
  settle()
  canceled:cancel()
  canceled:join()
  print('canceled', canceled.cancellation_caught, socket.is_open)
  local waiting = spawn(function () actor:send('second') end)
  this_fiber.yield()
  open()
  print(table.concat(inbox:receive(), ' '))
  waiting:join()
end

-- Who waits is told when the actor ends.
do
  local actor, open = start(1, 'wait', { 0 })
  actor:send('never taken')
  local waiting = spawn(function () actor:send('neither') end)
  this_fiber.yield()
  local asking = spawn(function () actor:call({}, 60) end)
  this_fiber.yield()
  open()
  inbox:receive()
  says('it ended', waiting.join, waiting)
  says('asked when it ended', asking.join, asking)
  says('afterwards', actor.send, actor, 'late')
end

-- A question waits for room, too, but not longer than for its answer.
do
  local actor, open = start(1, 'wait', { 1 })
  actor:send('only')
  says('asked', actor.call, actor, { n = 1 }, 0.02)
  open()
  print(table.concat(inbox:receive(), ' '))
end

-- Fails at once.
do
  local actor, open = start(2, 'fail', { 3 })
  actor:send(1)
  actor:send(2)
  local ok, e = pcall(actor.send, actor, 3)
  print(ok, (tostring(e):gsub('actor %S*/', 'actor ')), e:togeneric() == require('generic_error').EAGAIN)
  says('asked', actor.call, actor, {}, 60)
  open()
  -- There is room as soon as it has taken one.
  repeat local sent = pcall(actor.send, actor, 3) this_fiber.yield() until sent
  print(table.concat(inbox:receive(), ' '))
end

-- Its address is one with a limit wherever it comes from, and equal to itself.
do
  local actor, open, own = start(1, 'wait', { 1 })
  print(getmetatable(own) == getmetatable(actor), own == actor, tostring(own):match('^channel to') ~= nil)
  own:send('through its own')
  open()
  print(table.concat(inbox:receive(), ' '))
end

-- What has no limit is as it was.
print(getmetatable(spawn_vm('.')) == getmetatable(spawn_vm{ module = '.', inbox = { limit = 1 } }))

says('no limit', spawn_vm, { module = '.', inbox = {} })
says('zero', spawn_vm, { module = '.', inbox = { limit = 0 } })
says('a fraction', spawn_vm, { module = '.', inbox = { limit = 1.5 } })
says('another word', spawn_vm, { module = '.', inbox = { limit = 1, full = 'drop' } })
says('another field', spawn_vm, { module = '.', inbox = { limit = 1, size = 2 } })
says('no table', spawn_vm, { module = '.', inbox = 5 })
says('elsewhere', spawn_vm, { subprocess = {}, inbox = { limit = 1 } })
system.exit(0)

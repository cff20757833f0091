-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Sends an object of the class that MOVE is about to an actor, and prints a line of JSON about it.

local inbox, stream, system = require 'inbox', require 'stream', require 'system'
local job = load(system.environment.MOVE)()
local operation = system.environment.ROW and require './row'
local row = operation and operation.row
local resolve = operation and require('./archetypes').resolve

local partner = spawn_vm{ module = './partner', inherit_context = job.partner == 'lua' }
partner:send(inbox)

local function object_of (expression)
  local names = setmetatable({ partner = partner }, { __index = function (_, name) return _G[name] or require(name) end })
  return setfenv(assert(load('return ' .. expression)), names)()
end

local function report (problem)
  problem = problem and ('"' .. tostring(problem):gsub('[%c"\\]', ' ') .. '"') or 'null'
  stream.write_all(system.out, '{"problem": ' .. problem .. '}\n')
end

-- `message` is refused, for its part at `path`, with `code`.
local function refused (message, path, code)
  local ok, e = pcall(partner.send, partner, message)
  assert(not ok, 'it was sent')
  assert((e.path or 'message') == path, 'names ' .. tostring(e.path) .. ', not ' .. path .. ': ' .. tostring(e))
  assert(e:togeneric() == require('generic_error')[code], 'not ' .. code .. ': ' .. tostring(e))
end

local function wait (c)
  local fiber = spawn(function () operation.start(c) end)
  for _ = 1, 5 do this_fiber.yield() end
  return fiber
end

local function succeed (c)
  local results
  local fiber = spawn(function () results = { operation.start(c) } end)
  for _ = 1, 5 do this_fiber.yield() end
  operation.let(c)
  fiber:join()
  operation.check(c, unpack(results))
end

local ways = {}

-- Nothing is said of how it leaves: it does not.
function ways.stays ()
  local object = object_of(job.expression)
  refused(object, 'message', 'EINVAL')
  refused({ list = { 1, { object } } }, 'message.list[2][1]', 'EINVAL')
end

-- What is sent stays, and may be sent as often as one likes.
function ways.copy ()
  local object = object_of(job.expression)
  for _ = 1, 2 do
    partner:send{ one = object, list = { object } }
    local m = inbox:receive()
    local class = object == inbox and getmetatable(partner) or getmetatable(object)
    assert(getmetatable(m.one) == class, 'arrived as a ' .. tostring(getmetatable(m.one)))
    assert(not job.equal or m.one == m.list[1], 'two that differ')
    assert(not job.equal or m.one == object, 'another one')
  end
end
ways.value = ways.copy

function ways.move ()
  local c, other = operation.make(), operation.make()

  refused({ c.object, { c.object } }, 'message[2][1]', 'EINVAL')
  refused({ c.object, { unsendable = print } }, 'message[2].unsendable', 'EINVAL')
  if not row.blocking then
    local waiting = wait(other)
    refused(other.object, 'message', 'EBUSY')
    refused({ free = c.object, busy = { other.object } }, 'message.busy[1]', 'EBUSY')
    waiting:cancel()
    waiting:join()
    operation.again(other)
  end
  -- Nothing has left in all of this.
  local original, arguments = c.object, {}
  for i, text in ipairs(row.arguments) do arguments[i] = resolve(c, text) end
  partner:send{ object = c.object, method = row.method, arguments = arguments }
  refused(original, 'message', 'EBADF')
  local ok, e = pcall(original[row.method], original, unpack(arguments))
  assert(not ok and e:togeneric() == require('generic_error').EBADF, 'the original says ' .. tostring(e))

  -- It works there.
  operation.let(c)
  local m = inbox:receive()
  assert(not m.got.failed, m.got.failed)
  c.object = m.object
  for i, text in ipairs(row.arguments) do
    if type(text) == 'string' and text:match('^%$[%w_]+$') then c[text:sub(2)] = m.arguments[i] end
  end
  operation.check(c, unpack(m.got))
  -- And here again, as does the one that did not go.
  if row.archetype ~= 'waiter' then succeed(c) end
  succeed(other)
end

local ok, problem = pcall(ways[job.way])
report(not ok and problem or nil)
system.exit(0)

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Takes the operation of ROW through STATE (both in the environment) and prints a line of JSON about it. Without them it
-- prints what it knows.

local stream, system = require 'stream', require 'system'
local environment = system.environment
local operation = environment.ROW and require './row'
local row = operation and operation.row

local function report (problem)
  problem = problem and ('"' .. tostring(problem):gsub('[%c"\\]', ' ') .. '"') or 'null'
  stream.write_all(system.out, '{"problem": ' .. problem .. '}\n')
end

-- Starts the operation in a fiber; `outcome` says how it ended.
local function start (c)
  local outcome = { ended = false }
  outcome.fiber = spawn(function ()
    local results = { pcall(operation.start, c) }
    outcome.ended = true
    outcome.ok = table.remove(results, 1)
    outcome.results = results
    -- A cancellation that came after the success shows here, at the latest in the round after that.
    this_fiber.yield()
    this_fiber.yield()
  end)
  return outcome
end

-- By then an operation that has to wait does.
local function settle ()
  for _ = 1, 5 do this_fiber.yield() end
end

local function finish (outcome)
  outcome.fiber:join()
  return outcome
end

local function succeed (c, outcome)
  operation.let(c)
  finish(outcome)
  if not outcome.ok then error('failed: ' .. tostring(outcome.results[1]), 0) end
  operation.check(c, unpack(outcome.results))
end

-- The operation is as usable as if nothing had been canceled.
local function retry (c)
  operation.again(c)
  if row.short then c = operation.make(true) end
  succeed(c, start(c))
end

local function expect_error (outcome, names)
  local e = outcome.results[1]
  local text = outcome.ok and 'success' or tostring(e)
  for _, wanted in ipairs(names) do
    if wanted == 'success' and outcome.ok then return end
    if not outcome.ok then
      local asio, generic = require 'asio_error', require 'generic_error'
      local known = ({ eof = asio.misc.eof, aborted = asio.basic.operation_aborted })[wanted] or generic[wanted]
      if e == known or (type(e) == 'table' or type(e) == 'userdata') and e:togeneric() == known then return end
    end
  end
  error('ended with ' .. text .. ', not ' .. table.concat(names, ' or '), 0)
end

local states, blocking_states = {}, {}

states['canceled before it starts'] = function ()
  local c = operation.make()
  local reached = false
  local fiber = spawn(function ()
    operation.start(c)
    reached = true
  end)
  fiber:cancel()
  fiber:join()
  assert(not reached and fiber.cancellation_caught, 'the operation went on')
  if row.short then c = operation.make(true) end
  succeed(c, start(c))
end

states['canceled while it waits'] = function ()
  local c = operation.make()
  local outcome = start(c)
  if row.prompt then
    this_fiber.yield()
  else
    settle()
    assert(not outcome.ended, 'it did not wait')
  end
  outcome.fiber:cancel()
  finish(outcome)
  assert(outcome.fiber.cancellation_caught, 'the cancellation was lost')
  if not outcome.ok then return retry(c) end
  assert(row.prompt, 'it succeeded')
  operation.check(c, unpack(outcome.results))
end

states['canceled after it succeeded'] = function ()
  local c = operation.make(true)
  local outcome = start(c)
  settle()
  operation.let(c)
  for _ = 1, 1000 do
    if outcome.ended then break end
    this_fiber.yield()
  end
  outcome.fiber:cancel()
  finish(outcome)
  if outcome.ok then
    operation.check(c, unpack(outcome.results))
    return
  end
  assert(outcome.fiber.cancellation_caught, 'failed: ' .. tostring(outcome.results[1]))
  -- The cancellation was first: then nothing has happened.
  operation.again(c)
  local second = finish(start(c))
  assert(second.ok, second.results[1])
  operation.check(c, unpack(second.results))
end

states['peer gone'] = function ()
  if type(row.gone) == 'string' then return end
  local c = operation.make()
  local outcome = start(c)
  settle()
  c:gone()
  finish(outcome)
  while outcome.ok and row.repeats do outcome = finish(start(c)) end
  expect_error(outcome, row.gone)
end

states['closed under it'] = function ()
  if type(row.closed) == 'string' then return end
  local c = operation.make()
  local outcome = start(c)
  settle()
  c:close()
  finish(outcome)
  expect_error(outcome, row.closed)
  assert(not outcome.fiber.cancellation_caught, 'the fiber was canceled')
end

states['VM ends with it pending'] = function ()
  local outcome = start(operation.make())
  outcome.fiber:detach()
  settle()
  report(nil)
  system.exit(0)
end

states['actor ends with it pending'] = function ()
  if row.master then return end
  local inbox = require 'inbox'
  local actor = spawn_vm('./pending')
  actor:send(inbox)
  assert(inbox:receive() == 'pending')
  -- Its inbox closes when it has ended.
  while pcall(actor.send, actor, true) do this_fiber.yield() end
end

-- A blocking call suspends nothing here, so nothing can come between.
blocking_states['called'] = function ()
  local c = operation.make()
  operation.check(c, operation.start(c))
end

if not row then
  local function tell (kind, known)
    for name in pairs(known) do print(kind .. ': ' .. name) end
  end
  tell('suspending', states)
  tell('blocking', blocking_states)
  tell('archetype', require('./archetypes').archetypes)
  tell('fixture', require('./fixtures').fixtures)
  system.exit(0)
end

local ok, problem = pcall((row.blocking and blocking_states or states)[environment.STATE])
report(not ok and problem or nil)
system.exit(0)

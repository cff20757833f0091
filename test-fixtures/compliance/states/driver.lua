-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Takes the operation OPERATION through STATE (both in the environment) and prints a line of JSON about each step.

local stream, system, time = require 'stream', require 'system', require 'time'
local rows = require('./rows').rows

local environment = system.environment
local name, state = environment.OPERATION, environment.STATE
local row = rows[name]

local function report (problem)
  problem = problem and ('"' .. tostring(problem):gsub('[%c"\\]', ' ') .. '"') or 'null'
  stream.write_all(system.out, '{"problem": ' .. problem .. '}\n')
end

local function make_short ()
  return (row.make_short or row.make)()
end

-- Starts the operation in a fiber; `outcome` says how it ended.
local function start (c)
  local outcome = { ended = false }
  outcome.fiber = spawn(function ()
    local results = { pcall(row.start, c) }
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
  row.let(c)
  finish(outcome)
  if not outcome.ok then error('failed: ' .. tostring(outcome.results[1]), 0) end
  row.check(c, unpack(outcome.results))
end

-- The operation is as usable as if nothing had been canceled.
local function retry (c)
  if row.again then row.again(c) end
  if row.make_short then c = make_short() end
  succeed(c, start(c))
end

local function expect_error (outcome, names)
  if type(names) == 'string' then names = { names } end
  local e = outcome.results[1]
  local text = outcome.ok and 'success' or tostring(e)
  for _, wanted in ipairs(names) do
    if wanted == 'success' and outcome.ok then return end
    if not outcome.ok then
      local asio, generic = require 'asio_error', require 'generic_error'
      local known = ({ eof = asio.misc.eof, operation_aborted = asio.basic.operation_aborted })[wanted] or generic[wanted]
      if e == known or (type(e) == 'table' or type(e) == 'userdata') and e:togeneric() == known then return end
    end
  end
  error('ended with ' .. text .. ', not ' .. table.concat(names, ' or '), 0)
end

local states = {}

states['canceled before it starts'] = function ()
  local c = row.make()
  local reached = false
  local fiber = spawn(function ()
    row.start(c)
    reached = true
  end)
  fiber:cancel()
  fiber:join()
  assert(not reached and fiber.cancellation_caught, 'the operation went on')
  if row.make_short then c = make_short() end
  succeed(c, start(c))
end

states['canceled while it waits'] = function ()
  local c = row.make()
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
  if outcome.ok then assert(row.prompt, 'it succeeded') else retry(c) end
end

states['canceled after it succeeded'] = function ()
  local c = make_short()
  local outcome = start(c)
  settle()
  row.let(c)
  for _ = 1, 1000 do
    if outcome.ended then break end
    this_fiber.yield()
  end
  outcome.fiber:cancel()
  finish(outcome)
  if outcome.ok then
    row.check(c, unpack(outcome.results))
    return
  end
  assert(outcome.fiber.cancellation_caught, 'failed: ' .. tostring(outcome.results[1]))
  -- The cancellation was first: then nothing has happened.
  if row.again then row.again(c) end
  local second = finish(start(c))
  assert(second.ok, second.results[1])
  row.check(c, unpack(second.results))
end

states['peer gone'] = function ()
  if type(row.gone) == 'string' then return end
  local c = row.make()
  local outcome = start(c)
  settle()
  row.gone(c)
  finish(outcome)
  while outcome.ok and row.repeats do outcome = finish(start(c)) end
  expect_error(outcome, row.after_gone)
end

states['closed under it'] = function ()
  if type(row.close) == 'string' then return end
  local c = row.make()
  local outcome = start(c)
  settle()
  row.close(c)
  finish(outcome)
  expect_error(outcome, 'operation_aborted')
  assert(not outcome.fiber.cancellation_caught, 'the fiber was canceled')
end

states['VM ends with it pending'] = function ()
  local outcome = start(row.make())
  outcome.fiber:detach()
  settle()
  report(nil)
  system.exit(0)
end

states['actor ends with it pending'] = function ()
  if row.master_only then return end
  local inbox = require 'inbox'
  local actor = spawn_vm('./pending')
  actor:send(inbox)
  assert(inbox:receive() == 'pending')
  -- Its inbox closes when it has ended.
  while pcall(actor.send, actor, true) do this_fiber.yield() end
end

-- No state of an operation: which operations have a row.
if state == 'rows' then
  for known in pairs(rows) do print(known) end
  system.exit(0)
end

local ok, problem = pcall(states[state])
report(not ok and problem or nil)
system.exit(0)

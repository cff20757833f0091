-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Keeps actors running: starts them in order, again when they end, and stops them in reverse.
--
--   local supervisor = require 'supervisor'
--   local team = supervisor.start{
--     strategy = 'one_for_one',     -- or 'rest_for_one', 'one_for_all'
--     intensity = 3, period = 5,    -- so many ends within so many seconds are made good
--     { name = 'store', start = function() return spawn_vm('./store') end },
--     { name = 'web', start = function() return spawn_vm('./web') end, restart = 'failed' }
--   }
--   team:channel('store'):send(…)
--   team:join()
--
-- An actor may have `stop`, a function that makes it end; without it, its channel is closed, which ends one that only
-- waits for messages. `restart` is 'always' (the default), 'failed' or 'never'.
local condition_variable = require 'condition_variable'
local mutex = require 'mutex'
local time = require 'time'

local restarts = { always = true, failed = true, never = true }
local options_known = { strategy = true, intensity = true, period = true }
local spec_known = { name = true, start = true, stop = true, restart = true }
local strategies = { one_for_one = true, rest_for_one = true, one_for_all = true }

local team = {}
team.__index = team

local function check (condition, text)
  if not condition then error('supervisor: ' .. text, 3) end
end

-- A misspelt field would be one that was left out.
local function check_fields (fields, known, what)
  for key in pairs(fields) do
    if type(key) ~= 'number' and not known[key] then error('supervisor: ' .. what .. " has no field '" .. tostring(key) .. "'", 3) end
  end
end

local function is_channel (given)
  if type(given) ~= 'userdata' and type(given) ~= 'table' then return false end
  local ok, closed = pcall(function () return given.close and given.closed end)
  return ok and type(closed) == 'function'
end

local function start_actor (self, kept)
  local channel = kept.spec.start()
  if not is_channel(channel) then
    local got = channel == nil and 'nothing' or 'a ' .. type(channel)
    error(("supervisor: start of the actor '%s' is to return its channel, and returned %s"):format(kept.spec.name, got), 0)
  end
  kept.run = kept.run + 1
  kept.channel = channel
  local run = kept.run
  spawn(function ()
    local reason = channel:closed()
    self.mutex:lock()
    self.ends[#self.ends + 1] = { kept = kept, run = run, reason = reason }
    self.changed:notify_all()
    self.mutex:unlock()
  end):detach()
end

local function stop_actors (list)
  for i = #list, 1, -1 do
    local kept = list[i]
    local channel = kept.channel
    if channel then
      if kept.spec.stop then kept.spec.stop(channel) else channel:close() end
      channel:closed()
      kept.channel = nil
    end
  end
end

local function concerned (self, kept)
  if self.strategy == 'one_for_one' then return { kept } end
  local list, found = {}, self.strategy == 'one_for_all'
  for _, each in ipairs(self.kept) do
    found = found or each == kept
    if found and (each == kept or each.channel) then list[#list + 1] = each end
  end
  return list
end

local function count (self, kept, reason)
  local now, recent = time.steady_clock.now(), {}
  for _, each in ipairs(self.recent) do
    if now - each < self.period then recent[#recent + 1] = each end
  end
  recent[#recent + 1] = now
  self.recent = recent
  if #recent > self.intensity then
    error('too many actors have ended, ' .. kept.spec.name .. ' the last: ' .. reason, 0)
  end
end

local function make_good (self, kept, reason)
  local restart = kept.spec.restart or 'always'
  if restart == 'always' or (restart == 'failed' and reason ~= 'ended') then
    count(self, kept, reason)
    local list = concerned(self, kept)
    stop_actors(list)
    for _, each in ipairs(list) do start_actor(self, each) end
  end
end

local function anything_left (self)
  for _, each in ipairs(self.kept) do
    if each.channel then return true end
  end
  return false
end

-- Nothing once it is to stop.
local function next_end (self)
  local ended
  scope(function ()
    self.mutex:lock()
    scope_cleanup_push(function () self.mutex:unlock() end)
    while not self.stopping and #self.ends == 0 do self.changed:wait(self.mutex) end
    if not self.stopping then ended = table.remove(self.ends, 1) end
  end)
  return ended
end

local function watch (self)
  scope_cleanup_push(function () stop_actors(self.kept) end)
  while anything_left(self) do
    local ended = next_end(self)
    if not ended then return end
    if ended.run == ended.kept.run and ended.kept.channel then
      ended.kept.channel = nil
      make_good(self, ended.kept, ended.reason)
    end
  end
end

-- The channel to the actor of this name as it runs now; nil while it does not. Ask for it each time.
function team:channel (name)
  for _, each in ipairs(self.kept) do
    if each.spec.name == name then return each.channel end
  end
  check(false, 'no actor is called ' .. tostring(name))
end

-- Waits until nothing is left to keep. Raises the text of what it gave up for: too many ends, or an actor that could not
-- be started again.
function team:join () return self.control:join() end

-- Stops the actors, the last one first, and waits until they have ended.
function team:stop ()
  self.mutex:lock()
  self.stopping = true
  self.changed:notify_all()
  self.mutex:unlock()
  return self.control:join()
end

local supervisor = {}

function supervisor.start (options)
  check(type(options) == 'table', 'a table of actors is expected')
  check_fields(options, options_known, 'the table of actors')
  local self = setmetatable({
    strategy = options.strategy or 'one_for_one', intensity = options.intensity or 3, period = options.period or 5,
    kept = {}, ends = {}, recent = {}, mutex = mutex.new(), changed = condition_variable.new(), stopping = false
  }, team)
  check(strategies[self.strategy], "the strategy is 'one_for_one', 'rest_for_one' or 'one_for_all'")
  for i, spec in ipairs(options) do
    check(type(spec) == 'table', 'actor ' .. i .. ' is no table')
    check_fields(spec, spec_known, 'actor ' .. i)
    check(spec.restart == nil or restarts[spec.restart], "restart is 'always', 'failed' or 'never'")
    check(type(spec.name) == 'string' and type(spec.start) == 'function', 'actor ' .. i .. ' needs a name and a function start')
    self.kept[i] = { spec = spec, run = 0 }
  end
  for _, kept in ipairs(self.kept) do
    local ok, e = pcall(start_actor, self, kept)
    if not ok then
      stop_actors(self.kept)
      error(e, 0)
    end
  end
  self.control = spawn(function () watch(self) end)
  return self
end

return supervisor

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Structured concurrency, made of the fibers and futures there are: what of @emilua/runtime the reference has not.
--
-- chunk(native, runtime, use) completes the module.

local native, runtime, use = ...

local error, getmetatable, ipairs, pairs, pcall, select = error, getmetatable, ipairs, pairs, pcall, select
local next, rawequal, rawget, setmetatable, spawn = next, rawequal, rawget, setmetatable, spawn
local concat, huge, this_fiber = table.concat, math.huge, this_fiber
local tostring, type, unpack, xpcall = tostring, type, unpack, xpcall
local cancellation_point, check_suspension = native.cancellation_point, native.check_suspension
local disable_cancellation, restore_cancellation = native.disable_cancellation, native.restore_cancellation
local keep_origin, origin_of, set_origin = native.keep_origin, native.origin_of, native.set_origin
local generic_error, new_future = use('generic_error'), use('future').new
local canceled = native.new_error('fiber_canceled')

local function pack (...) return { n = select('#', ...), ... } end

local function get (future) return future:get() end

local function is_cancellation (e) return getmetatable(e) == 'error_code' and e == canceled end

local function restore_and_call (f, ...)
  restore_cancellation()
  return f(...)
end

-- pcall that is no cancellation point, so that whoever calls it gets to its end.
local function protected (f, ...)
  disable_cancellation()
  return pcall(restore_and_call, f, ...)
end

local function keep_failure (e)
  if is_cancellation(e) then return e end
  return keep_origin(e)
end

-- Raises what failed in another fiber, where `trace` is from.
local function raise_of_task (e, trace)
  if trace then set_origin(trace, e) end
  error(e, 0)
end

local function after_masked (ok, ...)
  restore_cancellation()
  if not ok then error((...), 0) end
  return ...
end

local function masked (f, ...)
  disable_cancellation()
  return after_masked(pcall(f, ...))
end

-- Objects -----------------------------------------------------------------------------------------------------------

-- The one field of what programs hold.
local state_key = {}

local function class (name, methods, getters)
  local metatable = { __metatable = name }
  local function state_of (object)
    if getmetatable(object) ~= name then
      native.raise_argument(1, ('the object itself, a %s: call object:method(...), with a colon'):format(name))
    end
    return rawget(object, state_key)
  end
  function metatable.__index (object, key)
    if methods[key] then return methods[key] end
    if getters[key] then return getters[key](state_of(object)) end
    native.refuse_member(2, name, key, methods, getters)
  end
  function metatable.__newindex () native.raise_argument(2, 'nothing: a ' .. name .. ' has no fields to assign') end
  local function make (state) return setmetatable({ [state_key] = state }, metatable) end
  return make, state_of
end

-- Task groups -------------------------------------------------------------------------------------------------------

local aggregate = {
  __tostring = function (e)
    local texts = {}
    for i, each in ipairs(e.errors) do texts[i] = tostring(each) end
    return #texts .. ' tasks failed: ' .. concat(texts, '; ')
  end
}

local function failure_of (group)
  local errors = group.failures
  if #errors == 1 then return errors[1] end
  return setmetatable({ errors = errors, cause = errors[1] }, aggregate)
end

local function cancel_task (task)
  if not task.done then task.fiber:cancel() end
end

-- Cancels all that runs. The group of a race that was won has its result.
local function finish (group)
  if group.ending then return end
  group.ending = true
  for task in pairs(group.tasks) do cancel_task(task) end
end

local function fail (group, e, trace)
  -- Who joins a task that failed fails with the same error.
  for _, known in ipairs(group.failures) do
    if rawequal(known, e) then return end
  end
  group.failures[#group.failures + 1] = e
  group.trace = group.trace or trace
  finish(group)
end

local function outcome (task)
  if task.ok then return unpack(task.results, 2, task.results.n) end
  if not task.canceled then raise_of_task(task.results[2], task.trace) end
end

local function ended (group, task, ok, e)
  task.done, task.ok, task.canceled = true, ok, not ok and is_cancellation(e)
  group.tasks[task] = nil
  local failed = not ok and not task.canceled
  if failed then task.trace = origin_of(e) end
  if failed and not group.decided then fail(group, e, task.trace) end
  if group.on_end then group.on_end(task) end
  task.promise:set_value(true)
  if not next(group.tasks) then group.empty:set_value(true) end
  return failed and group.decided
end

-- Starts f(...) in a fiber of the group.
local function start (group, f, ...)
  local task, arguments = {}, pack(...)
  task.promise, task.future = new_future()
  group.tasks[task] = true
  task.fiber = spawn(function ()
    task.id = this_fiber.id
    disable_cancellation()
    task.results = pack(xpcall(restore_and_call, keep_failure, f, unpack(arguments, 1, arguments.n)))
    -- What fails after a race was won is a failure of a fiber that nobody joins.
    if ended(group, task, task.results[1], task.results[2]) then error(task.results[2], 0) end
  end)
  if group.ending then cancel_task(task) end
  return task
end

local function new_group ()
  check_suspension()
  local group = { tasks = {}, failures = {}, ending = false, decided = false }
  group.empty, group.all_ended = new_future()
  return group
end

-- Waits until nothing of the group runs. A cancellation point that cancels the group.
local function wait (group)
  local ok, e = protected(get, group.all_ended)
  if not ok then
    finish(group)
    masked(get, group.all_ended)
  end
  if #group.failures > 0 then raise_of_task(failure_of(group), group.trace) end
  if not ok then error(e, 0) end
end

local task_methods = {}
local make_task, task_of = class('task', task_methods, {
  cancellation_caught = function (task) return task.canceled == true end,
  done = function (task) return task.done == true end
})

function task_methods:join ()
  local task = task_of(self)
  if task.id == this_fiber.id and not task.done then error(native.new_error('join_self'), 0) end
  task.future:get()
  return outcome(task)
end

function task_methods:cancel () cancel_task(task_of(self)) end

local group_methods = {}
local make_group, group_of = class('group', group_methods, {})

function group_methods:spawn (f, ...)
  local group = group_of(self)
  if type(f) ~= 'function' then native.raise_argument(2, 'a function', f, 'f') end
  if not next(group.tasks) then native.raise_argument(1, 'a task group that has not ended') end
  return make_task(start(group, f, ...))
end

function group_methods:cancel ()
  local group = group_of(self)
  for task in pairs(group.tasks) do
    if task ~= group.block then cancel_task(task) end
  end
end

function runtime.task_group (f)
  if type(f) ~= 'function' then native.raise_argument(1, 'a function', f, 'f') end
  local group = new_group()
  group.block = start(group, f, make_group(group))
  wait(group)
  return outcome(group.block)
end

function runtime.timeout (seconds, f, ...)
  if type(seconds) ~= 'number' or not (seconds >= 0) then native.raise_argument(1, 'a number of seconds from 0', seconds, 'seconds') end
  if type(f) ~= 'function' then native.raise_argument(2, 'a function', f, 'f') end
  local group = new_group()
  local block = start(group, f, ...)
  local expired = false
  local function expire ()
    if block.done then return end
    expired = true
    cancel_task(block)
  end
  local clock
  if seconds <= 0 then
    expire()
  elseif seconds < huge then
    local sleep = use('time').sleep
    clock = spawn(function ()
      sleep(seconds)
      expire()
    end)
  end
  local ok, e = protected(wait, group)
  if clock then
    clock:cancel()
    masked(clock.join, clock)
  end
  if not ok then error(e, 0) end
  if not (block.canceled and expired) then return outcome(block) end
  local timed_out = generic_error.ETIMEDOUT
  timed_out.seconds = seconds
  timed_out.message = ('Timed out after %s s'):format(seconds)
  error(timed_out, 0)
end

function runtime.race (functions)
  if type(functions) ~= 'table' or #functions == 0 then
    native.raise_argument(1, 'a list of one function or more', functions, 'functions')
  end
  for i, f in ipairs(functions) do
    if type(f) ~= 'function' then native.raise_argument(1, 'a function', f, ('functions[%d]'):format(i)) end
  end
  local group = new_group()
  local winner
  function group.on_end (task)
    if winner or group.ending then return end
    winner, group.decided = task, true
    finish(group)
  end
  for _, f in ipairs(functions) do start(group, f) end
  local ok, e = protected(wait, group)
  if winner and winner.ok then return outcome(winner) end
  if not ok then error(e, 0) end
end

-- Lines -------------------------------------------------------------------------------------------------------------

-- Who waits, in the order of arrival: a ring of links whose head is the line itself.
local function new_line ()
  local line = {}
  line.next, line.previous = line, line
  return line
end

local function leave (place)
  place.previous.next, place.next.previous = place.next, place.previous
  place.next = nil
end

local function first (line)
  local place = line.next
  if place == line then return nil end
  leave(place)
  return place
end

local function grant (place, item, e)
  place.granted, place.item, place.error = true, item, e
  place.promise:set_value(true)
end

-- Waits in a line and gives what was granted. What was granted before the wait was canceled counts.
local function park (line, offer)
  local place = { offer = offer }
  place.promise, place.future = new_future()
  place.next, place.previous = line, line.previous
  line.previous.next, line.previous = place, place
  local ok, e = protected(get, place.future)
  if not place.granted then
    leave(place)
    error(e, 0)
  end
  if place.error then error(place.error, 0) end
  return place.item
end

local function enter ()
  check_suspension()
  cancellation_point()
end

local function is_count (value)
  return type(value) == 'number' and value >= 0 and value % 1 == 0 and value <= 2 ^ 53 - 1
end

-- Semaphores --------------------------------------------------------------------------------------------------------

local semaphore_methods = {}
local make_semaphore, semaphore_of = class('semaphore', semaphore_methods, {
  available = function (semaphore) return semaphore.free end
})

runtime.semaphore = {}

function runtime.semaphore.new (permits)
  if not is_count(permits) then native.raise_argument(1, 'an integer from 0', permits, 'permits') end
  return make_semaphore{ free = permits, line = new_line() }
end

local function try_acquire (semaphore)
  if semaphore.free == 0 then return false end
  semaphore.free = semaphore.free - 1
  return true
end

function semaphore_methods:acquire ()
  local semaphore = semaphore_of(self)
  enter()
  if not try_acquire(semaphore) then park(semaphore.line) end
end

function semaphore_methods:try_acquire () return try_acquire(semaphore_of(self)) end

function semaphore_methods:release ()
  local semaphore = semaphore_of(self)
  local next_one = first(semaphore.line)
  if next_one then grant(next_one) else semaphore.free = semaphore.free + 1 end
end

-- Queues ------------------------------------------------------------------------------------------------------------

local queue_methods = {}
local make_queue, queue_of = class('queue', queue_methods, {
  capacity = function (queue) return queue.capacity end,
  size = function (queue) return queue.last - queue.first + 1 end,
  closed = function (queue) return queue.closed end
})

runtime.queue = {}

function runtime.queue.new (capacity)
  if capacity ~= huge and not is_count(capacity) then native.raise_argument(1, 'an integer from 0, or math.huge', capacity, 'capacity') end
  return make_queue{
    capacity = capacity, items = {}, first = 1, last = 0, closed = false, senders = new_line(), receivers = new_line()
  }
end

local function put (queue, item)
  queue.last = queue.last + 1
  queue.items[queue.last] = item
end

local function try_send (queue, item)
  if item == nil then native.raise_argument(2, 'a value', item, 'item') end
  if queue.closed then error(native.new_error('channel_closed'), 0) end
  local receiver = first(queue.receivers)
  if receiver then
    grant(receiver, item)
  elseif queue.last - queue.first + 1 < queue.capacity then
    put(queue, item)
  else
    return false
  end
  return true
end

local function take_offer (queue)
  local sender = first(queue.senders)
  if not sender then return nil end
  grant(sender)
  return sender.offer
end

local function try_receive (queue)
  local at = queue.first
  local item = queue.items[at]
  if item == nil then return take_offer(queue) end
  queue.items[at] = nil
  queue.first = at + 1
  local offer = take_offer(queue)
  if offer ~= nil then put(queue, offer) end
  return item
end

function queue_methods:send (item)
  local queue = queue_of(self)
  enter()
  if not try_send(queue, item) then park(queue.senders, item) end
end

function queue_methods:try_send (item) return try_send(queue_of(self), item) end

function queue_methods:receive ()
  local queue = queue_of(self)
  enter()
  local item = try_receive(queue)
  if item ~= nil then return item end
  if queue.closed then error(native.new_error('channel_closed'), 0) end
  -- No tail call: a report of who waits shows this function.
  item = park(queue.receivers)
  return item
end

function queue_methods:try_receive () return try_receive(queue_of(self)) end

function queue_methods:close ()
  local queue = queue_of(self)
  queue.closed = true
  for _, line in ipairs{ queue.senders, queue.receivers } do
    for place in first, line do grant(place, nil, native.new_error('channel_closed')) end
  end
end

-- The items until the queue is closed and empty, for a loop.
function queue_methods:items ()
  local queue = queue_of(self)
  return function ()
    enter()
    local item = try_receive(queue)
    if item ~= nil or queue.closed then return item end
    local ok, e = protected(park, queue.receivers)
    if ok then return e end
    if not (queue.closed and e == native.new_error('channel_closed')) then error(e, 0) end
  end
end

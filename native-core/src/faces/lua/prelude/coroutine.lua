-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Coroutines of the program, whose resume has to pass on that their fiber waits.
--
-- chunk(native, native_yield, fiber_threads, fiber) returns the global `coroutine` and run_apart.

local native, native_yield, fiber_threads, fiber = ...

local check, fail_as, lists, raw_xpcall, unwind = fiber.check, fiber.fail_as, fiber.lists, fiber.raw_xpcall, fiber.unwind
local keep_origin = native.keep_origin
local after_failure, cancellation_point = native.after_failure, native.cancellation_point
local error, getfenv, setfenv, setmetatable, type = error, getfenv, setfenv, setmetatable, type
local raw = fiber.raw_coroutine
local raw_create, raw_resume, raw_yield, raw_running, raw_status = raw.create, raw.resume, raw.yield, raw.running, raw.status

-- Those that wait natively, inside a fiber that cannot be resumed by the program.
local busy = setmetatable({}, { __mode = 'k' })

-- How many are inside one another now.
local inner = native.inner or { depth = 0 }
native.inner = inner

local after

local function enter (thread, ...)
  inner.depth = inner.depth + 1
  return after(thread, raw_resume(thread, ...))
end

local function suspended (thread, ...)
  busy[thread] = nil
  return enter(thread, ...)
end

local function pass_on (thread, _, ...)
  busy[thread] = true
  return suspended(thread, raw_yield(native_yield, ...))
end

function after (thread, ok, ...)
  inner.depth = inner.depth - 1
  if ok and (...) == native_yield then return pass_on(thread, ...) end
  return ok, ...
end

local function resume (thread, ...)
  cancellation_point()
  if busy[thread] then error(native.new_error('coroutine_busy'), 0) end
  if type(thread) ~= 'thread' then fail_as('resume', raw_resume, thread, ...) end
  return enter(thread, ...)
end

local function end_coroutine (list, ok, ...)
  local failure
  if not ok then failure = after_failure((...)) end
  unwind(list, 0)
  if not ok then error(failure, 0) end
  return ...
end

local function create (f)
  if type(f) ~= 'function' then native.raise_argument(1, 'a function', f) end
  return raw_create(function (...)
    local list = { n = 0, base = 0 }
    lists[raw_running()] = list
    return end_coroutine(list, raw_xpcall(f, keep_origin, ...))
  end)
end

-- Calls `f` on a Lua thread of its own with the globals `env`; to the program it is the same fiber. Returns what the
-- thread's globals are in the end, and what `f` returned.
local function run_apart (f, env)
  local thread = raw_create(function ()
    setfenv(0, env)
    local list = { n = 0, base = 0 }
    lists[raw_running()] = list
    local value = end_coroutine(list, raw_xpcall(f, keep_origin))
    return getfenv(0), value
  end)
  fiber_threads[thread] = true
  return check(enter(thread))
end

local function is_fiber (thread) return thread == nil or fiber_threads[thread] end

local coroutine = {
  create = create,
  resume = resume,
  yield = function (...)
    if is_fiber(raw_running()) then error(native.new_error('bad_coroutine'), 0) end
    return raw_yield(...)
  end,
  status = function (thread)
    if busy[thread] then return 'normal' end
    return raw_status(thread)
  end,
  running = function ()
    local thread = raw_running()
    if is_fiber(thread) then return nil end
    return thread
  end,
  isyieldable = function () return not is_fiber(raw_running()) end,
  wrap = function (f)
    local thread = create(f)
    return function (...) return check(resume(thread, ...)) end
  end
}

return { coroutine = coroutine, run_apart = run_apart }

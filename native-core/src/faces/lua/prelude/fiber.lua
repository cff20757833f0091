-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What may suspend and calls back into the program, and so cannot be C++: protected calls and scopes.
--
-- chunk(native) replaces globals and returns the functions C++ and other chunks call.

local native = ...

local raw_pcall, raw_xpcall, error, select, type = pcall, xpcall, error, select, type
local setmetatable, tostring = setmetatable, tostring
-- For chunks that call what cannot suspend.
native.raw_pcall = raw_pcall
local raw_coroutine = coroutine
local raw_running = raw_coroutine.running
local cancellation_point, mark_handlers = native.cancellation_point, native.mark_handlers
local disable_cancellation, restore_cancellation = native.disable_cancellation, native.restore_cancellation
local keep_origin = native.keep_origin
local cleanup_failed, traceback = native.cleanup_failed, native.traceback
local after_failure, switch, waiting_thread = native.after_failure, native.yield, native.waiting_thread
-- Its `requested` says whether any fiber is canceled: there is no point without.
local cancellation = native.cancellation

-- A native that suspends returns `true` and results, or `false` and an error: nothing can be raised where it resumes.
local function check (ok, ...)
  if ok then return ... end
  error((...), 0)
end

-- Traces go on behind a call with so many arguments and results, and end at one whose numbers vary. By results, then by
-- arguments, as far as there are many of them.
local wrap_exactly = {
  {
    function (f)
      return function (a)
        local ok, r = f(a)
        if ok then return r end
        error(r, 0)
      end
    end,
    function (f)
      return function (a, b)
        local ok, r = f(a, b)
        if ok then return r end
        error(r, 0)
      end
    end,
    function (f)
      return function (a, b, c)
        local ok, r = f(a, b, c)
        if ok then return r end
        error(r, 0)
      end
    end,
    function (f)
      return function (a, b, c, d)
        local ok, r = f(a, b, c, d)
        if ok then return r end
        error(r, 0)
      end
    end,
    function (f)
      return function (a, b, c, d, e)
        local ok, r = f(a, b, c, d, e)
        if ok then return r end
        error(r, 0)
      end
    end
  },
  {
    function (f)
      return function (a)
        local ok, r, s = f(a)
        if ok then return r, s end
        error(r, 0)
      end
    end,
    function (f)
      return function (a, b)
        local ok, r, s = f(a, b)
        if ok then return r, s end
        error(r, 0)
      end
    end,
    function (f)
      return function (a, b, c)
        local ok, r, s = f(a, b, c)
        if ok then return r, s end
        error(r, 0)
      end
    end
  },
  {
    [3] = function (f)
      return function (a, b, c)
        local ok, r, s, t = f(a, b, c)
        if ok then return r, s, t end
        error(r, 0)
      end
    end
  }
}

-- `arguments` and `results`: how many there are at each call; 0 or nothing arguments if any of them vary.
local function wrap_suspending (f, arguments, results)
  local wraps = wrap_exactly[results or 0]
  local wrap = wraps and wraps[arguments]
  if wrap then return wrap(f) end
  return function (...) return check(f(...)) end
end

-- Scopes ---------------------------------------------------------------------------------------------------------

-- The cleanup handlers of each thread: a list, its length `n`, and `base`, where the innermost scope begins. The list
-- of a coroutine lives on its stack; that of a fiber in `anchors`, until the fiber ends. On the first thread, which has
-- no name, runs what an operation calls while its thread waits, or a finalizer.
local lists = setmetatable({}, { __mode = 'kv' })
local anchors = {}
-- How many handlers there are in all of them. While there is none the innermost scope of each begins at 0.
local handlers = 0

local function handler_failed (e) return { e, traceback() } end

local function run_handler (handler)
  disable_cancellation()
  local ok, failure = raw_xpcall(handler, handler_failed)
  if not ok then cleanup_failed(failure[1], failure[2]) end
  restore_cancellation()
end

local function unwind (list, mark)
  while list.n > mark do
    local n = list.n
    local handler = list[n]
    list[n] = nil
    list.n = n - 1
    handlers = handlers - 1
    run_handler(handler)
  end
end

local function leave (thread, mark, base, ok, ...)
  local failure
  if not ok then failure = after_failure((...)) end
  local list = lists[thread]
  if list then
    if list.n > mark then unwind(list, mark) end
    list.base = base
  end
  if not ok then return ok, failure end
  return ok, ...
end

local function enter ()
  local thread = raw_running() or waiting_thread()
  local list = lists[thread]
  if not list then return thread, 0, 0 end
  local mark, base = list.n, list.base
  list.base = mark
  return thread, mark, base
end

-- Of a scope that was entered when there were no handlers: compiled code goes on, which knows no threads.
local function leave_bare (ok, ...)
  if handlers ~= 0 then return leave(raw_running() or waiting_thread(), 0, 0, ok, ...) end
  if not ok then return ok, after_failure((...)) end
  return ok, ...
end

-- Fails as `f` of LuaJIT does, called `name`, with the place that the program called it from.
local function fail_as (name, f, ...)
  local _, message = raw_pcall(f, ...)
  error(message:gsub("'%?'", "'" .. name .. "'", 1), 3)
end

function pcall (...)
  if ... == nil and select('#', ...) == 0 then fail_as('pcall', raw_pcall) end
  if cancellation.requested then cancellation_point() end
  if handlers == 0 then return leave_bare(raw_pcall(...)) end
  local thread, mark, base = enter()
  return leave(thread, mark, base, raw_pcall(...))
end

function xpcall (...)
  local _, handler = ...
  if type(handler) ~= 'function' then fail_as('xpcall', raw_xpcall, ...) end
  if cancellation.requested then cancellation_point() end
  if handlers == 0 then return leave_bare(raw_xpcall(...)) end
  local thread, mark, base = enter()
  return leave(thread, mark, base, raw_xpcall(...))
end

local cannot_be_called = { ['nil'] = true, boolean = true, number = true, string = true }

function scope (f, ...)
  if type(f) ~= 'function' and cannot_be_called[type(f)] then native.raise_argument(1, 'a function', f, 'f') end
  local thread, mark, base = enter()
  return check(leave(thread, mark, base, raw_xpcall(f, keep_origin, ...)))
end

function scope_cleanup_push (handler)
  if type(handler) ~= 'function' then native.raise_argument(1, 'a function', handler, 'handler') end
  local thread = raw_running() or waiting_thread()
  local list = lists[thread]
  if not list then
    list = { n = 0, base = 0 }
    lists[thread] = list
    anchors[thread] = list
  end
  if anchors[thread] then mark_handlers() end
  local n = list.n + 1
  list.n = n
  list[n] = handler
  handlers = handlers + 1
end

function scope_cleanup_pop (execute)
  local list = lists[raw_running() or waiting_thread()]
  if not list or list.n == list.base then native.raise_no_handler() end
  local n = list.n
  local handler = list[n]
  list[n] = nil
  list.n = n - 1
  handlers = handlers - 1
  if execute ~= false then run_handler(handler) end
end

-- The root scope of a fiber: `thread` is the one that ran it.
local function unwind_root (thread)
  local list = anchors[thread]
  anchors[thread] = nil
  lists[thread] = nil
  if list then unwind(list, 0) end
end

-- Called with the results of a fiber that returned, on its own thread.
local function unwind_finished (...)
  unwind_root(raw_running())
  return ...
end

-- Fibers ---------------------------------------------------------------------------------------------------------

spawn = native.spawn

local fiber_methods = {
  join = wrap_suspending(native.join),
  detach = native.detach,
  cancel = native.cancel
}
native.fiber_metatable(function (fiber, key)
  local method = fiber_methods[key]
  if method then return method end
  if key == 'joinable' or key == 'cancellation_caught' then return native.fiber_state(fiber, key) end
  native.refuse_member(2, 'fiber', key, fiber_methods, { joinable = true, cancellation_caught = true })
end)

local this_fiber_functions = {
  -- Inside a coroutine the native one returns what it yielded.
  yield = function () switch() end,
  forbid_suspend = native.forbid_suspend,
  allow_suspend = native.allow_suspend,
  disable_cancellation = native.disable_cancellation,
  restore_cancellation = native.restore_cancellation
}
this_fiber = setmetatable({}, {
  __index = function (self, key)
    local f = this_fiber_functions[key]
    if f then return f end
    return native.this_fiber_property(self, key, this_fiber_functions)
  end,
  __newindex = function () native.raise_argument(2, 'nothing: this_fiber has no fields to assign') end,
  __metatable = 'this_fiber'
})

local print_line = native.print_line
function print (...)
  local n = select('#', ...)
  local line = ''
  for i = 1, n do
    local text = tostring((select(i, ...)))
    if type(text) ~= 'string' then error("'tostring' must return a string to 'print'", 2) end
    line = i == 1 and text or line .. '\t' .. text
  end
  print_line(line .. '\n')
end

-- Classes and modules of the description ------------------------------------------------------------------------

local function class_index (class_methods, getters, setters, name)
  return function (object, key)
    local method = class_methods[key]
    if method then return method end
    local get = getters[key]
    if get then return get(object) end
    native.refuse_member(2, name, key, class_methods, getters)
  end, function (object, key, value)
    local set = setters[key]
    if not set then
      if class_methods[key] or getters[key] then native.raise_argument(2, 'a property that can be assigned', key) end
      native.refuse_member(2, name, key, setters)
    end
    set(object, value)
  end
end

local function module_index (module, getters, kept, name)
  setmetatable(module, {
    __index = function (_, key)
      local get = getters[key]
      if get then
        local value = get()
        if kept[key] then module[key] = value end
        return value
      end
      native.note_missing(module, name, key)
    end,
    __metatable = 'module'
  })
end

-- Globals that are made when somebody asks for them ---------------------------------------------------------------

local fiber
local coroutines

-- The chunk of coroutines, which imports need, too.
local function open_coroutines ()
  if not coroutines then coroutines = native.open_coroutines(fiber) end
  return coroutines
end

local makers = {
  byte_span = native.open_byte_span,
  coroutine = function () return open_coroutines().coroutine end
}
coroutine = nil
setmetatable(_G, {
  __index = function (globals, name)
    local make = makers[name]
    if not make then return nil end
    makers[name] = nil
    local made = make()
    globals[name] = made
    return made
  end,
  __metatable = 'globals'
})

fiber = {
  check = check,
  fail_as = fail_as,
  wrap_suspending = wrap_suspending,
  raw_xpcall = raw_xpcall,
  scope = scope,
  raw_coroutine = raw_coroutine,
  lists = lists,
  unwind = unwind,
  run_apart = function (f, env) return open_coroutines().run_apart(f, env) end,
  class_index = class_index,
  module_index = module_index,
  unwind_finished = unwind_finished,
  unwind_failed = unwind_root
}
return fiber

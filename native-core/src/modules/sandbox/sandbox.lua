-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What of `sandbox` talks to a guest while it runs.
--
-- chunk(native, sandbox, use) completes the module.

local native, sandbox, use = ...

local byte_span = byte_span
local ipairs, pairs, pcall, scope, scope_cleanup_push, spawn = ipairs, pairs, pcall, scope, scope_cleanup_push, spawn
local getmetatable, this_fiber, tostring, type = getmetatable, this_fiber, tostring, type
local concat, min = table.concat, math.min
local raise_argument = native.raise_argument
local methods = native.written_methods['sandbox.sandbox']

local SIGKILL = 9

function sandbox.new (policy) return sandbox.sandbox.new(policy) end

-- Keeps the first bytes of what comes out of a pipe.
local function collect (reader, limit)
  local buffer, kept, size, truncated = byte_span.new(64 * 1024), {}, 0, false
  while true do
    local ok, n = pcall(reader.read_some, reader, buffer)
    if not ok then break end
    local taken = min(n, limit - size)
    truncated = truncated or taken < n
    if taken > 0 then
      kept[#kept + 1] = tostring(buffer:first(taken))
      size = size + taken
    end
  end
  return concat(kept), truncated
end

local function feed (writer, input)
  -- A guest that does not want to know more is no failure.
  pcall(use('stream').write_all, writer, input)
  writer:close()
end

-- Ends all that is in the sandboxes of guests, and waits for it.
local function end_all (guests)
  for _, guest in pairs(guests) do
    if guest.pid then pcall(guest.kill, guest, SIGKILL) end
  end
  this_fiber.disable_cancellation()
  for _, guest in pairs(guests) do pcall(guest.wait, guest) end
  this_fiber.restore_cancellation()
end

-- What is told of a guest that is over.
local function tell (guest, result)
  for _, name in pairs{ 'exit_code', 'exit_signal', 'limit', 'processor_time', 'foundation', 'memory_scope', 'refused' } do result[name] = guest[name] end
  return result
end

local function check_kept (opts, argument)
  local limit, input = opts.limit, opts.input
  if limit ~= nil and not (type(limit) == 'number' and limit >= 0) then raise_argument(argument, 'a number of bytes', limit, 'opts', 'limit') end
  if input ~= nil and type(input) ~= 'string' and not native.is_byte_span(input) then
    raise_argument(argument, 'a string or a byte_span', input, 'opts', 'input')
  end
end

local program = 'program, arguments, environment, working_directory'

-- The core knows other fields of a program than these functions.
local function check_fields (argument, path, given, fields)
  for name in pairs(given) do
    if not ((', ' .. fields .. ', '):find(', ' .. tostring(name) .. ', ', 1, true)) then
      raise_argument(argument, 'one of the fields ' .. fields, name, path, tostring(name))
    end
  end
end

local function check (box, opts)
  if getmetatable(box) ~= 'sandbox.sandbox' then
    raise_argument(1, 'the object itself, a sandbox.sandbox: call object:run(...), with a colon')
  end
  if type(opts) ~= 'table' then raise_argument(2, 'a table', opts, 'opts') end
  check_kept(opts, 2)
  for _, name in pairs{ 'stdin', 'stdout', 'stderr' } do
    if opts[name] ~= nil then raise_argument(2, 'nothing: `run` has pipes of its own', opts[name], 'opts', name) end
  end
  check_fields(2, 'opts', opts, program .. ', input, limit')
end

function methods.run (box, opts)
  check(box, opts)
  local pipe, options = use('pipe'), {}
  for name, value in pairs(opts) do
    if name ~= 'limit' and name ~= 'input' then options[name] = value end
  end
  local limit, result = opts.limit or 2^20, {}
  scope(function ()
    local opened = {}
    scope_cleanup_push(function () for _, end_ in pairs(opened) do end_:close() end end)
    local function pair (name, reads)
      local reader, writer = pipe.pair()
      local ours, theirs = reads and reader or writer, (reads and writer or reader):release()
      opened[#opened + 1], opened[#opened + 2] = ours, theirs
      options[name] = theirs
      return ours, theirs
    end
    local stdout, out_end = pair('stdout', true)
    local stderr, err_end = pair('stderr', true)
    local stdin, in_end
    if opts.input ~= nil then stdin, in_end = pair('stdin', false) end
    local guest = box:spawn(options)
    for _, end_ in pairs{ out_end, err_end, in_end } do end_:close() end
    scope(function ()
      -- With the guest, its pipes end, and with them the fibers.
      scope_cleanup_push(function () end_all{ guest } end)
      local complaints = spawn(function () return collect(stderr, limit) end)
      if stdin then spawn(function () feed(stdin, opts.input) end):detach() end
      local cut, cut_too
      result.stdout, cut = collect(stdout, limit)
      result.stderr, cut_too = complaints:join()
      result.truncated = cut or cut_too
      guest:wait()
    end)
    tell(guest, result)
  end)
  return result
end

local function check_stages (stages, opts)
  if type(opts) ~= 'table' then raise_argument(2, 'a table', opts, 'opts') end
  if type(stages) ~= 'table' or #stages == 0 then raise_argument(1, 'a list of at least one', stages, 'stages') end
  for i, stage in ipairs(stages) do
    if type(stage) ~= 'table' then raise_argument(1, 'a table', stage, 'stages', i) end
    local path = ('stages[%d]'):format(i)
    if getmetatable(stage.sandbox) ~= 'sandbox.sandbox' then raise_argument(1, 'a sandbox.sandbox', stage.sandbox, path, 'sandbox') end
    for _, name in pairs{ 'stdin', 'stdout', 'stderr' } do
      if stage[name] ~= nil then raise_argument(1, 'nothing: a pipeline has pipes of its own', stage[name], path, name) end
    end
    check_fields(1, path, stage, 'sandbox, ' .. program)
  end
  check_kept(opts, 2)
  check_fields(2, 'opts', opts, 'input, limit')
end

function sandbox.pipeline (stages, opts)
  opts = opts or {}
  check_stages(stages, opts)
  local pipe, limit, result = use('pipe'), opts.limit or 2^20, { stages = {} }
  scope(function ()
    local opened, guests, complaints, stdin = {}, {}, {}, nil
    -- What was released is closed already.
    scope_cleanup_push(function () for _, end_ in pairs(opened) do pcall(end_.close, end_) end end)
    local function pair ()
      local reader, writer = pipe.pair()
      opened[#opened + 1], opened[#opened + 2] = reader, writer
      return reader, writer
    end
    local function released (stream)
      local end_ = stream:release()
      opened[#opened + 1] = end_
      return end_
    end
    scope(function ()
      -- All at once: one may wait for what another one writes. With them, their pipes end, and with those the fibers.
      scope_cleanup_push(function () end_all(guests) end)
      local reader
      if opts.input ~= nil then reader, stdin = pair() end
      for i, stage in ipairs(stages) do
        local options, writer, stderr, theirs = {}, nil, nil, nil
        for name, value in pairs(stage) do if name ~= 'sandbox' then options[name] = value end end
        options.stdin = reader and released(reader)
        reader, writer = pair()
        stderr, theirs = pair()
        options.stdout, options.stderr = released(writer), released(theirs)
        guests[i] = stage.sandbox:spawn(options)
        for _, name in pairs{ 'stdin', 'stdout', 'stderr' } do
          if options[name] then options[name]:close() end
        end
        complaints[i] = spawn(function () return collect(stderr, limit) end)
      end
      if stdin then spawn(function () feed(stdin, opts.input) end):detach() end
      result.stdout, result.truncated = collect(reader, limit)
      for i, guest in ipairs(guests) do
        local said, truncated = complaints[i]:join()
        guest:wait()
        result.stages[i] = tell(guest, { stderr = said, truncated = truncated })
      end
    end)
  end)
  return result
end

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What of `sandbox` talks to a guest while it runs.
--
-- chunk(native, sandbox, use) completes the module.

local native, sandbox, use = ...

local byte_span = byte_span
local pairs, pcall, scope, scope_cleanup_push, spawn = pairs, pcall, scope, scope_cleanup_push, spawn
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

local function check (box, opts)
  if getmetatable(box) ~= 'sandbox.sandbox' then
    raise_argument(1, 'the object itself, a sandbox.sandbox: call object:run(...), with a colon')
  end
  if type(opts) ~= 'table' then raise_argument(2, 'a table', opts, 'opts') end
  local limit, input = opts.limit, opts.input
  if limit ~= nil and not (type(limit) == 'number' and limit >= 0) then raise_argument(2, 'a number of bytes', limit, 'opts', 'limit') end
  if input ~= nil and type(input) ~= 'string' and not native.is_byte_span(input) then
    raise_argument(2, 'a string or a byte_span', input, 'opts', 'input')
  end
  for _, name in pairs{ 'stdin', 'stdout', 'stderr' } do
    if opts[name] ~= nil then raise_argument(2, 'nothing: `run` has pipes of its own', opts[name], 'opts', name) end
  end
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
      scope_cleanup_push(function ()
        if guest.pid then pcall(guest.kill, guest, SIGKILL) end
        this_fiber.disable_cancellation()
        pcall(guest.wait, guest)
        this_fiber.restore_cancellation()
      end)
      local complaints = spawn(function () return collect(stderr, limit) end)
      if stdin then spawn(function () feed(stdin, opts.input) end):detach() end
      local cut, cut_too
      result.stdout, cut = collect(stdout, limit)
      result.stderr, cut_too = complaints:join()
      result.truncated = cut or cut_too
      guest:wait()
    end)
    result.exit_code, result.exit_signal, result.limit = guest.exit_code, guest.exit_signal, guest.limit
    result.processor_time, result.foundation, result.refused = guest.processor_time, guest.foundation, guest.refused
  end)
  return result
end

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The module system: what `require` and `spawn_vm` find, and the environments that modules run in.
--
-- chunk(native, fiber, open_builtin) returns prepare(program, root, role), which returns the program's function.

local native, fiber, open_builtin = ...

local error, pcall, rawget, setfenv, setmetatable = error, pcall, rawget, setfenv, setmetatable
local getmetatable, next, type = getmetatable, next, type
local base = _G
local run_apart, raw_pcall = fiber.run_apart, native.raw_pcall

-- By the real path of its file: { file =, directory =, root =, leaf =, state = 'loading' | 'ready', value = }, or of a
-- plugin { file =, plugin = NAME, state = 'ready', value = }, or of Turtle { file =, turtle = true, … }.
local modules = {}
-- The program.
local program_module

-- LuaJIT's, which are globals as well, and what it has for `require` alone.
local libraries = { bit = true, coroutine = true, jit = true, math = true, string = true, table = true }
local extensions = { ['table.clear'] = true, ['table.new'] = true }

-- Made when the first file is asked for: most actors ask for none.
local files
local function open_files ()
  if not files then
    files = native.open_files()
    modules[native.real_path(program_module.file) or program_module.file] = program_module
  end
  return files
end

local look_in_base = { __index = base }
local make_environment

local function load (module, role)
  local env = make_environment(module, role)
  local chunk = native.load_file(module.file)
  setfenv(chunk, env)
  module.env = env
  return chunk
end

-- What `require` gives: what the module returned, or else its globals. A table gives its globals, too, where it has
-- nothing itself.
local function value_of (env, returned)
  if returned == nil then return env end
  if type(returned) == 'table' and getmetatable(returned) == nil and next(env) ~= nil then
    setmetatable(returned, { __index = function (_, name) return rawget(env, name) end })
  end
  return returned
end

local function load_and_run (module)
  local chunk = load(module, '')
  return value_of(run_apart(chunk, module.env))
end

local at_the_top = ": require it at the top of the file, and use what that gave"

-- Loading a file may suspend.
local function check_suspension ()
  local ok, e = raw_pcall(native.check_suspension)
  if ok then return end
  e.message = e.message .. at_the_top
  error(e, 0)
end

local function require_module (from, id)
  if type(id) ~= 'string' then native.raise_argument(1, 'a string', id, 'id') end
  if libraries[id] then return base[id] end
  if extensions[id] then return native.extension(id) end
  local main = native.in_main_fiber()
  local builtin = open_builtin(id, main)
  if builtin then return builtin end
  local files = open_files()
  if builtin == false then files.fail('import_outside_main_fiber', from, id, at_the_top) end
  local module = files.resolve(from, id)
  local key = native.real_path(module.file) or module.file
  local known = modules[key]
  if known then
    if known.state == 'loading' then files.fail('cyclic_import', from, id) end
    return known.value
  end
  if not main then files.fail('import_outside_main_fiber', from, id, at_the_top) end
  if module.plugin or module.turtle then
    module.value = module.turtle and native.load_turtle(module.file) or native.load_plugin(module.file, module.plugin)
    module.state = 'ready'
    modules[key] = module
    return module.value
  end
  check_suspension()
  modules[key] = module
  module.state = 'loading'
  local ok, result = pcall(load_and_run, module)
  if not ok then
    modules[key] = nil
    error(result, 0)
  end
  module.value, module.state = result, 'ready'
  return result
end

local function spawn_actor (from, options)
  if type(options) == 'string' then options = { module = options } end
  if type(options) ~= 'table' then native.raise_argument(1, 'a string or a table', options, 'options') end
  local files = open_files()
  files.check_options(options)
  if options.subprocess ~= nil then return native.spawn_process(files.options_of_process(from, options)) end
  local module = files.resolve(from, options.module)
  if module.plugin or module.turtle then files.fail('module_not_found', from, options.module) end
  return native.spawn_actor{
    program = module.file,
    root = module.root,
    inherit_context = options.inherit_context,
    concurrency_hint = options.concurrency_hint,
    new_master = options.new_master,
    limit = options.inbox and options.inbox.limit,
    waits = options.inbox and options.inbox.full ~= 'fail'
  }
end

function make_environment (module, role)
  -- Behind the module's own globals, because those are its exports. A copy, so that a look-up takes no step more.
  local own = setmetatable(native.copy(base), look_in_base)
  own._CONTEXT = role
  own.require = function (id)
    local result = require_module(module, id)
    return result
  end
  own.spawn_vm = function (options)
    local channel = spawn_actor(module, options)
    return channel
  end
  own._G = setmetatable({}, { __index = own, __metatable = 'module' })
  return own._G
end

return function (program, root, role) return function ()
  if native.is_directory(program) then program = program .. '/init.lua' end
  local directory = program:match('^(.*)/[^/]*$') or '.'
  if directory == '' then directory = '/' end
  root = root or directory
  local module = {
    file = program, directory = directory, root = root, state = 'loading',
    leaf = root ~= directory and program:match('[^/]*$') ~= 'init.lua'
  }
  program_module = module
  local chunk = load(module, role)
  setfenv(0, module.env)
  return chunk()
end end

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The module system: what `require` and `spawn_vm` find, and the environments that modules run in.
--
-- chunk(native, fiber, paths, open_builtin) returns prepare(program, root, role), which returns the program's function.

local native, fiber, paths, open_builtin = ...

local error, ipairs, pcall, setfenv, setmetatable, type = error, ipairs, pcall, setfenv, setmetatable, type
local base = _G
local run_apart = fiber.run_apart

-- By file: { file =, directory =, root =, leaf =, state = 'loading' | 'ready', env = }, or of a plugin
-- { file =, plugin = NAME, state = 'ready', env = }.
local modules = {}

local function fail (name, id)
  local e = native.new_error(name)
  e.id = id
  error(e, 0)
end

local function parent (path)
  local up = path:match('^(.*)/[^/]*$')
  if up == '' then return '/' end
  return up or '.'
end

-- A file, whether it is a leaf, and its own directory; for `stem` without extension.
local function find (stem)
  if native.is_file(stem .. '.lua') then return stem .. '.lua', parent(stem), true end
  if native.is_file(stem .. '/init.lua') then return stem .. '/init.lua', stem, false end
end

-- The shared object of a plugin in a directory of packages.
local function find_plugin (directory, id)
  if id:find('/', 1, true) then return nil end
  local stem = directory .. '/' .. id
  if native.is_file(stem .. '.so') then return stem .. '.so' end
  if native.is_file(stem .. '/' .. id .. '.so') then return stem .. '/' .. id .. '.so' end
end

local function found (root, file, directory, leaf, id)
  if not file then fail('module_not_found', id) end
  return { file = file, directory = directory, root = root, leaf = leaf }
end

-- What `id` means inside module `from`.
local function resolve (from, id)
  if id == '.' then return from end
  if id:sub(1, 1) == '/' then
    local file, directory, leaf = find(from.root .. id)
    return found(from.root, file, directory, leaf, id)
  end
  if id:sub(1, 2) == './' then
    if from.leaf then fail('leaf_has_no_children', id) end
    local file, directory, leaf = find(from.directory .. id:sub(2))
    return found(from.root, file, directory, leaf, id)
  end
  if id:sub(1, 3) == '../' then
    -- The siblings of a file are beside it; those of a directory one level up.
    local where, rest = from.directory, id:sub(4)
    if not from.leaf then
      if from.directory == from.root then fail('root_has_no_parent', id) end
      where = parent(where)
    end
    while rest:sub(1, 3) == '../' do
      if where == from.root then fail('root_has_no_parent', id) end
      where, rest = parent(where), rest:sub(4)
    end
    local file, directory, leaf = find(where .. '/' .. rest)
    return found(from.root, file, directory, leaf, id)
  end
  for _, directory in ipairs(paths) do
    local plugin = find_plugin(directory, id)
    if plugin then return { file = plugin, plugin = id } end
    local package = id:match('^[^/]+')
    local file, own, leaf = find(directory .. '/' .. id)
    if file then
      local root = directory .. '/' .. package
      return found(leaf and package == id and directory or root, file, own, leaf, id)
    end
  end
  fail('module_not_found', id)
end

local make_environment

local function load (module, role)
  local env = make_environment(module, role)
  local chunk = native.load_file(module.file)
  setfenv(chunk, env)
  module.env = env
  return chunk
end

local function load_and_run (module)
  local chunk = load(module, '')
  return run_apart(chunk, module.env)
end

local function require_module (from, id)
  if type(id) ~= 'string' then native.raise_argument(1, 'a string') end
  local main = native.in_main_fiber()
  local builtin = open_builtin(id, main)
  if builtin then return builtin end
  if builtin == false then fail('import_outside_main_fiber', id) end
  local module = resolve(from, id)
  local known = modules[module.file]
  if known then
    if known.state == 'loading' then fail('cyclic_import', id) end
    return known.env
  end
  if not main then fail('import_outside_main_fiber', id) end
  if module.plugin then
    module.env, module.state = native.load_plugin(module.file, module.plugin), 'ready'
    modules[module.file] = module
    return module.env
  end
  native.check_suspension()
  modules[module.file] = module
  module.state = 'loading'
  local ok, result = pcall(load_and_run, module)
  if not ok then
    modules[module.file] = nil
    error(result, 0)
  end
  module.env, module.state = result, 'ready'
  return result
end

local function spawn_actor (from, options)
  if type(options) == 'string' then options = { module = options } end
  if type(options) ~= 'table' then native.raise_argument(1, 'a string or a table') end
  if options.subprocess ~= nil then error(native.new_error('not_available'), 0) end
  if type(options.module) ~= 'string' then native.raise_argument(1, 'a table with the string `module`') end
  local module = resolve(from, options.module)
  if module.plugin then fail('module_not_found', options.module) end
  return native.spawn_actor{
    program = module.file,
    root = module.root,
    inherit_context = options.inherit_context,
    concurrency_hint = options.concurrency_hint,
    new_master = options.new_master
  }
end

function make_environment (module, role)
  local env = setmetatable({}, { __index = base, __metatable = 'module' })
  env._G = env
  env._CONTEXT = role
  env.require = function (id)
    local result = require_module(module, id)
    return result
  end
  env.spawn_vm = function (options)
    local channel = spawn_actor(module, options)
    return channel
  end
  return env
end

return function (program, root, role) return function ()
  if native.is_directory(program) then program = program .. '/init.lua' end
  local directory = parent(program)
  root = root or directory
  local module = {
    file = program, directory = directory, root = root, state = 'loading',
    leaf = root ~= directory and program:match('[^/]*$') ~= 'init.lua'
  }
  modules[program] = module
  local chunk = load(module, role)
  setfenv(0, module.env)
  return chunk()
end end

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The module system: what `require` and `spawn_vm` find, and the environments that modules run in.
--
-- chunk(native, fiber, paths, open_builtin) returns prepare(program, root, role), which returns the program's function.

local native, fiber, paths, open_builtin = ...

local error, ipairs, pcall, rawget, setfenv, setmetatable = error, ipairs, pcall, rawget, setfenv, setmetatable
local getmetatable, next, type = getmetatable, next, type
local base = _G
local run_apart = fiber.run_apart

-- By the real path of its file: { file =, directory =, root =, leaf =, state = 'loading' | 'ready', value = }, or of a
-- plugin { file =, plugin = NAME, state = 'ready', value = }.
local modules = {}

-- LuaJIT's, which are globals as well, and what it has for `require` alone.
local libraries = { bit = true, coroutine = true, jit = true, math = true, string = true, table = true }
local extensions = { ['table.clear'] = true, ['table.new'] = true }

-- `from` is the module that asked.
local function fail (name, from, id, more)
  local e = native.new_error(name)
  e.id = id
  e.message = ("%s: '%s', required by %s%s"):format(e.message, id, from.file, more or '')
  error(e, 0)
end

local function not_found (from, id, tried, meant)
  local more = ''
  for _, path in ipairs(tried) do more = more .. '\n\tno file ' .. path end
  if meant then more = more .. "\n\tis '" .. meant .. "' meant?" end
  fail('module_not_found', from, id, more)
end

local function parent (path)
  local up = path:match('^(.*)/[^/]*$')
  if up == '' then return '/' end
  return up or '.'
end

-- `rest` inside `directory`, without detours; nil where it leaves `root`.
local function join (directory, rest, root)
  for part in rest:gmatch('[^/]+') do
    if part == '..' then
      if directory == root then return nil end
      directory = parent(directory)
    elseif part ~= '.' then
      directory = directory == '/' and '/' .. part or directory .. '/' .. part
    end
  end
  return directory
end

-- A file, its own directory and whether it is a leaf; for `stem` without extension. Otherwise adds to `tried`.
local function find (stem, tried)
  for _, ending in ipairs{ '.lua', '/init.lua' } do
    local file = stem .. ending
    if native.is_file(file) then
      local leaf = ending == '.lua'
      return file, leaf and parent(stem) or stem, leaf
    end
    if tried then tried[#tried + 1] = file end
  end
end

-- The shared object of a plugin in a directory of packages.
local function find_plugin (directory, id, tried)
  if id:find('/', 1, true) then return nil end
  for _, ending in ipairs{ '.so', '/' .. id .. '.so' } do
    local file = directory .. '/' .. id .. ending
    if native.is_file(file) then return file end
    tried[#tried + 1] = file
  end
end

-- Module `id` of this project, which is `rest` inside `directory`; `elsewhere()` gives the id that may be meant.
local function local_module (from, id, directory, rest, elsewhere)
  local stem = join(directory, rest, from.root)
  if not stem then fail('root_has_no_parent', from, id) end
  local tried = {}
  local file, own, leaf = find(stem, tried)
  if not file then not_found(from, id, tried, elsewhere and elsewhere()) end
  return { file = file, directory = own, root = from.root, leaf = leaf }
end

-- What `id` means inside module `from`.
local function resolve (from, id)
  if id == '.' then return from end
  if id:sub(1, 1) == '/' then return local_module(from, id, from.root, id) end
  if id:sub(1, 2) == './' then
    if from.leaf then
      local sibling = find(from.directory .. id:sub(2)) and (": is '../%s' meant?"):format(id:sub(3))
      fail('leaf_has_no_children', from, id, sibling)
    end
    return local_module(from, id, from.directory, id:sub(3))
  end
  if id:sub(1, 3) == '../' then
    -- The siblings of a file are beside it; those of a directory one level up.
    local where, rest = from.directory, id:sub(4)
    if not from.leaf then
      if from.directory == from.root then fail('root_has_no_parent', from, id) end
      where = parent(where)
    end
    return local_module(from, id, where, rest, function ()
      return where ~= from.root and find(parent(where) .. '/' .. rest) and '../' .. id
    end)
  end
  local tried = {}
  for _, directory in ipairs(paths) do
    local plugin = find_plugin(directory, id, tried)
    if plugin then return { file = plugin, plugin = id } end
    local package = id:match('^[^/]+')
    local file, own, leaf = find(directory .. '/' .. id, tried)
    if file then
      local root = directory .. '/' .. package
      return { file = file, directory = own, root = leaf and package == id and directory or root, leaf = leaf }
    end
  end
  not_found(from, id, tried, find(from.directory .. '/' .. id) and (from.leaf and '../' or './') .. id)
end

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

local function require_module (from, id)
  if type(id) ~= 'string' then native.raise_argument(1, 'a string', id) end
  if libraries[id] then return base[id] end
  if extensions[id] then return native.extension(id) end
  local main = native.in_main_fiber()
  local builtin = open_builtin(id, main)
  if builtin then return builtin end
  if builtin == false then fail('import_outside_main_fiber', from, id) end
  local module = resolve(from, id)
  local key = native.real_path(module.file) or module.file
  local known = modules[key]
  if known then
    if known.state == 'loading' then fail('cyclic_import', from, id) end
    return known.value
  end
  if not main then fail('import_outside_main_fiber', from, id) end
  if module.plugin then
    module.value, module.state = native.load_plugin(module.file, module.plugin), 'ready'
    modules[key] = module
    return module.value
  end
  native.check_suspension()
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

local options_of_actors = {
  concurrency_hint = 'number', inherit_context = 'boolean', module = 'string', new_master = 'boolean', subprocess = 'table'
}

local function check_options (options)
  for name in next, options do
    if not options_of_actors[name] then native.refuse_member(1, 'the table for spawn_vm', name, options_of_actors) end
  end
  for name, kind in next, options_of_actors do
    local value = options[name]
    if type(value) ~= kind and (value ~= nil or name == 'module' and options.subprocess == nil) then
      native.raise_argument(1, ('a table whose %s is a %s'):format(name, kind), value)
    end
  end
end

local function spawn_actor (from, options)
  if type(options) == 'string' then options = { module = options } end
  if type(options) ~= 'table' then native.raise_argument(1, 'a string or a table', options) end
  check_options(options)
  if options.subprocess ~= nil then error(native.new_error('not_available'), 0) end
  local module = resolve(from, options.module)
  if module.plugin then fail('module_not_found', from, options.module) end
  return native.spawn_actor{
    program = module.file,
    root = module.root,
    inherit_context = options.inherit_context,
    concurrency_hint = options.concurrency_hint,
    new_master = options.new_master
  }
end

function make_environment (module, role)
  -- Behind the module's own globals, because those are its exports.
  local own = setmetatable({
    _CONTEXT = role,
    require = function (id)
      local result = require_module(module, id)
      return result
    end,
    spawn_vm = function (options)
      local channel = spawn_actor(module, options)
      return channel
    end
  }, { __index = base })
  own._G = setmetatable({}, { __index = own, __metatable = 'module' })
  return own._G
end

return function (program, root, role) return function ()
  if native.is_directory(program) then program = program .. '/init.lua' end
  local directory = parent(program)
  root = root or directory
  local module = {
    file = program, directory = directory, root = root, state = 'loading',
    leaf = root ~= directory and program:match('[^/]*$') ~= 'init.lua'
  }
  modules[native.real_path(program) or program] = module
  local chunk = load(module, role)
  setfenv(0, module.env)
  return chunk()
end end

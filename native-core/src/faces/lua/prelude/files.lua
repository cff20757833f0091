-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What the ids of modules that are files mean.
--
-- chunk(native, paths) returns { resolve(from, id) =, fail(name, from, id) =, check_options(options) =,
-- options_of_process(from, options) = }; `from` is the module that asked, as modules.lua knows it.

local native, paths = ...

local error, ipairs, next, type = error, ipairs, next, type

-- `from` is the module that asked.
local function fail (name, from, id, more)
  local e = native.new_error(name)
  e.id = id
  e.message = ("%s: '%s', required by %s%s"):format(e.message, id, from.file, more or '')
  error(e, 0)
end

-- `help` is a line that may be of use.
local function not_found (from, id, tried, help)
  local more = ''
  for _, path in ipairs(tried) do more = more .. '\n\tno file ' .. path end
  if help then more = more .. '\n\t' .. help end
  fail('module_not_found', from, id, more)
end

local function is_it (meant)
  return meant and ("is '%s' meant?"):format(meant)
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
  for _, ending in ipairs{ '.lua', '/init.lua', '.ttl' } do
    local file = stem .. ending
    if native.is_file(file) then
      local leaf = ending ~= '/init.lua'
      return file, leaf and parent(stem) or stem, leaf
    end
    if tried then tried[#tried + 1] = file end
  end
end

local function is_turtle (file) return file:sub(-4) == '.ttl' end

-- The shared object of a plugin in a directory of packages.
local function find_plugin (directory, id, tried)
  if id:find('/', 1, true) then return nil end
  for _, ending in ipairs{ '.so', '/' .. id .. '.so' } do
    local file = directory .. '/' .. id .. ending
    if native.is_file(file) then return file end
    tried[#tried + 1] = file
  end
end

-- The id by which `from` would import `rest`, if that is beside it or further up.
local function upwards (from, rest)
  local directory, before = from.directory, from.leaf and '../' or './'
  while rest ~= '' do
    if find(directory .. '/' .. rest) then return before .. rest end
    if directory == from.root or directory == parent(directory) then return nil end
    directory = parent(directory)
    before = before == './' and '../' or '../' .. before
  end
end

-- The same of what `id` is the end of, also where it is written as for Lua's own `require`.
local function meant (from, id)
  local rest = id:gsub('^[./]*/', ''):gsub('%.lua$', '')
  return upwards(from, rest) or upwards(from, (rest:gsub('%.', '/')))
end

-- The id of the module beside `stem` that is called almost as what `id` ends in.
local function neighbour (id, stem)
  local name = stem:match('[^/]*$')
  local other = native.nearest(name, native.modules_in(parent(stem)))
  return other and id:sub(-#name) == name and id:sub(1, -#name - 1) .. other
end

local not_yet = { http = true, json = true }
local left_out = { debug = true, io = true, os = true, package = true }
-- What other worlds call what we have.
local elsewhere = { lfs = 'filesystem', posix = 'syscall', socket = 'ip' }

-- What may help somebody who asks for a package that is not there.
local function advise (id)
  if not_yet[id] then return ("Emilua 0.11 has a module '%s', which is not there yet"):format(id) end
  if left_out[id] then
    return ("Emilua leaves out the library '%s'; its guide \"Lua\" says what there is instead"):format(id)
  end
  local other = elsewhere[id] or native.nearest(id, native.builtin_names())
  for _, directory in ipairs(paths) do
    other = other or neighbour(id, directory .. '/' .. id)
  end
  return is_it(other)
end

-- Module `id` of this project, which is `rest` inside `directory`.
local function local_module (from, id, directory, rest)
  local stem = join(directory, rest, from.root)
  if not stem then fail('root_has_no_parent', from, id) end
  local tried = {}
  local file, own, leaf = find(stem, tried)
  if not file then not_found(from, id, tried, is_it(meant(from, id) or neighbour(id, stem))) end
  return { file = file, directory = own, root = from.root, leaf = leaf, turtle = is_turtle(file) }
end

-- What `id` means inside module `from`.
local function resolve (from, id)
  if id == '.' then return from end
  if id:sub(1, 1) == '/' then return local_module(from, id, from.root, id) end
  if id:sub(1, 2) == './' then
    if from.leaf then
      local other = meant(from, id)
      fail('leaf_has_no_children', from, id, other and (": is '%s' meant?"):format(other))
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
    return local_module(from, id, where, rest)
  end
  local given = native.given_plugin(id)
  if given then return { file = given, plugin = id } end
  local tried = {}
  for _, directory in ipairs(paths) do
    local plugin = find_plugin(directory, id, tried)
    if plugin then return { file = plugin, plugin = id } end
    local package = id:match('^[^/]+')
    local file, own, leaf = find(directory .. '/' .. id, tried)
    if file then
      local root = directory .. '/' .. package
      return {
        file = file, directory = own, root = leaf and package == id and directory or root, leaf = leaf,
        turtle = is_turtle(file)
      }
    end
  end
  not_found(from, id, tried, is_it(meant(from, id)) or advise(id))
end

-- What has one type; a concurrency_hint has a number or a word.
local options_of_actors = {
  inbox = 'table', inherit_context = 'boolean', module = 'string', new_master = 'boolean', subprocess = 'table'
}

local fields_of_actors = 'one of the fields module, inherit_context, concurrency_hint, new_master, inbox, subprocess'

-- Files of the plugins with these ids; of one that ends with a colon the folder, and of 'all' every folder of plugins,
-- whose keys end with a colon, too.
local function find_plugins (from, ids)
  local files = {}
  if ids == 'all' then
    for _, directory in ipairs(paths) do
      if native.is_directory(directory) then files[directory .. ':'] = directory end
    end
    return files
  end
  for _, id in ipairs(ids) do
    local name, tried, file = id:match '^[^:]*', {}, nil
    for _, directory in ipairs(paths) do file = file or find_plugin(directory, name, tried) end
    if not file then not_found(from, id, tried) end
    files[id] = name == id and file or parent(file)
  end
  return files
end

local only_on_freebsd = { ld_library_directories = true, pd_daemon = true }

-- What starts an actor in a process of its own is told everything by one table, but for the module.
local function options_of_process (from, options)
  local subprocess = {}
  for name in next, only_on_freebsd do
    if options.subprocess[name] ~= nil then error(native.new_error('not_available'), 0) end
  end
  for name, value in next, options.subprocess do subprocess[name] = value end
  if subprocess.native_modules_cache ~= nil then
    local ids = subprocess.native_modules_cache
    if type(ids) ~= 'table' and ids ~= 'all' then
      native.raise_argument(1, 'a list of ids, or "all"', ids, 'options', 'subprocess.native_modules_cache')
    end
    subprocess.native_modules_cache = find_plugins(from, ids)
  end
  return subprocess, options.module
end

local function check_inbox (options)
  local function refuse (expected, value, name)
    native.raise_argument(1, expected, value, 'options', name and 'inbox.' .. name or 'inbox')
  end
  if options.subprocess then
    refuse('nothing: the inbox of another process holds what a socket does, and `send` waits', options.inbox)
  end
  local limit, full = options.inbox.limit, options.inbox.full
  if type(limit) ~= 'number' or limit % 1 ~= 0 or limit < 1 then refuse('an integer, 1 or greater', limit, 'limit') end
  if full ~= nil and full ~= 'wait' and full ~= 'fail' then refuse("'wait' or 'fail'", full, 'full') end
  for name in next, options.inbox do
    if name ~= 'limit' and name ~= 'full' then refuse('one of the fields limit, full', name, name) end
  end
end

local function check_options (options)
  for name in next, options do
    if not options_of_actors[name] and name ~= 'concurrency_hint' then native.raise_argument(1, fields_of_actors, name, 'options', name) end
  end
  for name, kind in next, options_of_actors do
    local value = options[name]
    if name == 'module' and options.subprocess ~= nil then
      if type(value) == 'string' then
        native.raise_argument(1, 'a filesystem.path, for an actor in a process of its own', value, 'options', 'module')
      end
    elseif type(value) ~= kind and (value ~= nil or name == 'module' and options.subprocess == nil) then
      native.raise_argument(1, 'a ' .. kind, value, 'options', name)
    end
  end
  local hint = options.concurrency_hint
  if hint ~= nil and hint ~= 'safe' and (type(hint) ~= 'number' or hint % 1 ~= 0 or hint < 0) then
    native.raise_argument(1, 'an integer, 0 or greater, or "safe"', hint, 'options', 'concurrency_hint')
  end
  if options.inbox then check_inbox(options) end
end

return { resolve = resolve, fail = fail, check_options = check_options, options_of_process = options_of_process }

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Makes one executable of a Lua program: finds the files that it needs, and has them written behind a copy of this
-- executable. Run by bundle_command.cpp, which gives it `native`.

local native = native

local options, paths = native.bundle_options, native.search_path
local files = native.open_files(paths)

-- What `require` has without a file.
local present = native.builtin_names()
for _, id in ipairs{ 'bit', 'coroutine', 'jit', 'math', 'string', 'table', 'table.clear', 'table.new' } do
  present[id] = true
end

local escapes = { a = '\a', b = '\b', f = '\f', n = '\n', r = '\r', t = '\t', v = '\v' }

-- The tokens of a source that is known to be correct: { kind = 'name' | 'string' | 'other', text =, line = }.
local function tokens_of (source)
  local tokens, at, line = {}, 1, 1
  local function add (kind, text)
    tokens[#tokens + 1] = { kind = kind, text = text, line = line }
  end
  local function pass (stop)
    for _ in source:sub(at, stop):gmatch('\n') do line = line + 1 end
    at = stop + 1
  end
  while at <= #source do
    local comment = source:match('^%-%-()', at)
    local level = source:match('^%[(=*)%[', comment or at)
    local quote = source:match('^["\']', at)
    if level then
      local first = (comment or at) + #level + 2
      local stop, last = source:find(']' .. level .. ']', first, true)
      if not comment then add('string', (source:sub(first, stop - 1):gsub('^\r?\n', ''))) end
      pass(last)
    elseif comment then
      pass((source:find('\n', at, true) or #source + 1) - 1)
    elseif quote then
      local stop = at + 1
      while source:sub(stop, stop) ~= quote do
        stop = stop + (source:sub(stop, stop) == '\\' and 2 or 1)
      end
      add('string', (source:sub(at + 1, stop - 1):gsub('\\(.)', function (c) return escapes[c] or c end)))
      pass(stop)
    else
      local name = source:match('^[%a_\128-\255][%w_\128-\255]*', at)
      local blank = source:match('^%s+', at)
      local number = source:match('^%.?%d[%w_.]*', at)
      if name then
        add('name', name)
      elseif not blank then
        add('other', number or source:sub(at, at))
      end
      pass(at + #(name or blank or number or ' ') - 1)
    end
  end
  return tokens
end

local function is (token, kind, text)
  return token ~= nil and token.kind == kind and (text == nil or token.text == text)
end

local loads = { require = true, spawn_vm = true }

-- The ids that are certainly loaded, by what names them, and all other strings.
local function ids_in (source)
  local loaded, strings = {}, {}
  if source:sub(1, 1) == '\27' then return loaded, strings end -- bytecode
  source = source:gsub('^#[^\n]*', '')
  local tokens = tokens_of(source)
  for i, token in ipairs(tokens) do
    if token.kind == 'string' then
      local before, further = tokens[i - 1], tokens[i - 2]
      if is(before, 'other', '(') then before, further = further, tokens[i - 3] end
      local after = tokens[i + 1]
      -- Of './' .. name, or of a field or method of another table, nothing is known.
      local whole = not (is(after, 'other', '.') and is(tokens[i + 2], 'other', '.'))
      local called = is(before, 'name') and loads[before.text] and
        not (is(further, 'other', '.') or is(further, 'other', ':'))
      local named = is(before, 'other', '=') and is(further, 'name', 'module')
      local list = whole and (called or named) and loaded or strings
      list[#list + 1] = token
    end
  end
  return loaded, strings
end

local function parent (path)
  local up = path:match('^(.*)/[^/]*$') or '.'
  return up == '' and '/' or up
end

-- `path` as seen from `directory`, if it is below.
local function below (path, directory)
  local prefix = directory == '/' and '/' or directory .. '/'
  return path:sub(1, #prefix) == prefix and path:sub(#prefix + 1) or nil
end

local program = options.program
if not program:find('/', 1, true) then program = './' .. program end
if native.is_directory(program) then program = program .. '/init.lua' end
local root = parent(program)

-- What goes into the bundle: { place =, file = }, the program first; and the same by place.
local entries, known, waiting = {}, {}, {}

local function add_library (name)
  local place = 'libraries:/' .. name
  if known[place] then return end
  known[place] = true
  entries[#entries + 1] = { place = place, file = native.library_file(name) }
end

local function place_of (file, package)
  local inside = not package and below(file, root)
  if inside then return 'bundle:/' .. inside end
  for _, directory in ipairs(paths) do
    inside = below(file, directory)
    if inside then return 'builtin:/' .. inside end
  end
  error(("%s is neither below %s, where the program is, nor in a directory of EMILUA_PATH"):format(file, root), 0)
end

local function add (module)
  if module.file:sub(-4) == '.ttl' then add_library('libserd-0.so.0') end
  -- Of this executable, and so of its copy.
  if module.file:find('^builtin:') then return end
  local place = place_of(module.file, module.root ~= root)
  if known[place] then return end
  known[place] = true
  entries[#entries + 1] = { place = place, file = module.file }
  if module.file:sub(-4) == '.lua' then waiting[#waiting + 1] = module end
end

local excluded = {}
for _, id in ipairs(options.exclude) do excluded[id] = true end

-- What `id` means in a module, which may be required by others, start as an actor, or do so in a process of its own:
-- then it has other neighbours.
local function resolve (module, id)
  local ok, found = pcall(files.resolve, module, id)
  if ok then return found end
  local file, directory = module.file, module.directory
  for _, itself in ipairs{
    { file = file, directory = directory, root = module.root, leaf = module.leaf and module.root ~= directory },
    { file = file, directory = directory, root = directory, leaf = false }
  } do
    local other, started = pcall(files.resolve, itself, id)
    if other then return started end
  end
  return nil, found
end

local function look_into (module)
  local source = native.read_source(module.file)
  -- What is wrong with it is better known now.
  native.load_file(module.file)
  local loaded, strings = ids_in(source)
  for _, token in ipairs(loaded) do
    local id = token.text
    if id == 'tls' then add_library('libemilua-openssl.so') end
    if not present[id] and not excluded[id] then
      local found, why = resolve(module, id)
      if not found then
        error(("%s:%d: %s\n\t(--exclude=%s leaves it out)"):format(module.file, token.line, why.message, id), 0)
      end
      add(found)
    end
  end
  for _, token in ipairs(strings) do
    local text = token.text
    if not excluded[text] and text:find('^%.?%.?/[%w_./-]+$') then
      local found = resolve(module, text)
      if found then add(found) end
    elseif not excluded[text] and text:find('^[%w_/-]+%.lua$') then
      local file = module.directory .. '/' .. text
      if native.is_file(file) then
        add{ file = file, directory = parent(file), root = module.root, leaf = text:match('[^/]*$') ~= 'init.lua' }
      end
    end
  end
end

local function include (path)
  path = path:gsub('(.)/+$', '%1'):gsub('^%./+', '')
  if root == '.' and path:sub(1, 1) ~= '/' then path = './' .. path end
  local found = native.files_below(path)
  if #found == 0 then error(("--include=%s: no file with one of the endings .lua, .ttl and .so"):format(path), 0) end
  for _, file in ipairs(found) do
    local inside = below(file, root)
    add{
      file = file, directory = parent(file), root = inside and root or parent(file),
      leaf = file:match('[^/]*$') ~= 'init.lua'
    }
  end
end

local function make ()
  add{ file = program, directory = root, root = root, leaf = false }
  for _, path in ipairs(options.include) do include(path) end
  while #waiting > 0 do look_into(table.remove(waiting, 1)) end
  if options.list then
    for _, entry in ipairs(entries) do print(entry.place, entry.file) end
  end
  native.write_bundle(options.output, entries)
end

local ok, why = pcall(make)
if not ok then
  local message = why
  if type(why) ~= 'string' then
    local _, of_error = pcall(function () return why.message end)
    message = of_error or tostring(why)
  end
  native.refuse(message)
end

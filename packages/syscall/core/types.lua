-- SPDX-License-Identifier: MIT OR BSL-1.0
-- S.t, types made when first asked for, out of the descriptions in structs/; and S.pt, casts to pointers.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local typeof = ffi.typeof

-- The processor that structures are laid out for; tests look at others as well.
local types = { arch = ffi.arch }
local definitions = {}

local scalars = {
  char = 'char', uchar = 'unsigned char', int = 'int', uint = 'unsigned int', int8 = 'int8_t', uint8 = 'uint8_t',
  int16 = 'int16_t', uint16 = 'uint16_t', int32 = 'int32_t', uint32 = 'uint32_t', int64 = 'int64_t',
  uint64 = 'uint64_t', long = 'long', ulong = 'unsigned long', uintptr = 'uintptr_t', off = 'int64_t', loff = 'int64_t',
  size = 'size_t', ssize = 'intptr_t', pid = 'int', uid = 'unsigned int', gid = 'unsigned int', mode = 'unsigned int',
  dev = 'uint64_t', sa_family = 'unsigned short', socklen = 'unsigned int', clockid = 'int', fdmask = 'int32_t',
  sighandler = 'void (*)(int)'
}

local arrays = {
  int1 = 'int[1]', int2 = 'int[2]', uint1 = 'unsigned int[1]', int64_1 = 'int64_t[1]', uint64_1 = 'uint64_t[1]',
  socklen1 = 'unsigned int[1]', off1 = 'int64_t[1]', loff1 = 'int64_t[1]'
}

-- Those that are made with a count.
local counted = {
  buffer = 'char[?]', ints = 'int[?]', string_array = 'const char *[?]', epoll_events = { 'epoll_event', '$[?]' },
  io_events = { 'io_event', '$[?]' }, iocbs = { 'iocb', '$[?]' }, iocb_ptrs = { 'iocb', '$ *[?]' },
  mmsghdrs = { 'mmsghdr', '$[?]' }
}

-- How many bytes each of those has room for, which a trace cannot ask the FFI.
local sizes = setmetatable({}, { __mode = 'k' })

local function parts_of (field)
  local ctype, pointer, name, dimensions = field:match('^(.-) (%**)([%w_]+)(%[?[%w%[%]%?]*)$')
  return ctype, pointer, name, dimensions
end

local make

-- The ctype of a struct or union. They have no tags, which would be shared with the program's own declarations.
local function make_struct (definition)
  local text, parameters = {}, {}
  for _, field in ipairs(definition) do
    local ctype, pointer, name, dimensions = parts_of(field)
    if definitions[ctype] or scalars[ctype] then
      parameters[#parameters + 1] = types.t[ctype]
      ctype = '$'
    end
    text[#text + 1] = ctype .. ' ' .. pointer .. name .. dimensions .. ';'
  end
  local keyword = definition.union and 'union' or 'struct'
  local packed = definition.packed and ' __attribute__((packed))' or ''
  return typeof(keyword .. ' {' .. table.concat(text) .. '}' .. packed, unpack(parameters))
end

local function make_counted (description)
  local ctype = type(description) == 'string' and typeof(description) or typeof(description[2], types.t[description[1]])
  local item = ffi.sizeof(ctype, 1)
  return function (count, ...)
    arguments.count(count, item)
    local made = ctype(count, ...)
    sizes[made] = count * item
    return made
  end
end

function make (name)
  if counted[name] then return make_counted(counted[name]) end
  if name == 'timespec2' then return typeof('$[2]', types.t.timespec) end
  local plain = scalars[name] or arrays[name]
  if plain then return typeof(plain) end
  local definition = definitions[name]
  if not definition then return nil end
  local ctype = make_struct(definition[types.arch] or definition)
  if definition.behaviour then
    local metatable = import('types/' .. definition.behaviour)[name](ctype)
    ffi.metatype(ctype, metatable)
  elseif definition[#definition] and definition[#definition]:find('[?]', 1, true) then
    ffi.metatype(ctype, { __new = function (_, count) return ffi.new(ctype, arguments.count(count or 0)) end })
  end
  return ctype
end

types.t = setmetatable({}, {
  __index = function (t, name)
    local ctype = make(name)
    if ctype then t[name] = ctype end
    return ctype
  end
})

types.pt = setmetatable({}, {
  __index = function (pt, name)
    local pointer
    if name == 'void' then
      pointer = typeof 'void *'
    elseif name == 'buffer' then
      pointer = typeof 'char *'
    else
      local ctype = types.t[name]
      if type(ctype) ~= 'cdata' then return nil end
      pointer = typeof('$ *', ctype)
    end
    local function cast (value) return ffi.cast(pointer, value) end
    pt[name] = cast
    return cast
  end
})

-- By the number of a type: how many bytes an object of it has, without limit if it is a pointer.
local of_type = {}

local function measure (buffer, id)
  arguments.refuse_span(buffer, 5)
  local name = tostring(typeof(buffer))
  local pointer = name:find('%*>$') or name:find('(*)', 1, true)
  -- A type that ends in an array of any length has no size, only its objects do; what refers to one has neither.
  if not pointer and not pcall(ffi.sizeof, typeof(buffer)) then
    local known, size = pcall(ffi.sizeof, buffer)
    sizes[buffer] = known and size or math.huge
    return sizes[buffer]
  end
  of_type[id] = pointer and math.huge or ffi.sizeof(buffer)
  return of_type[id]
end

-- What other arrays than those of S.t have room for.
local function room_of (buffer)
  if type(buffer) == 'string' then return #buffer end
  if type(buffer) ~= 'cdata' then
    -- The FFI takes the objects of others for memory to write to.
    error('a buffer was expected, not a ' .. type(buffer), 4)
  end
  local id = tonumber(typeof(buffer))
  return of_type[id] or measure(buffer, id)
end

-- How many bytes a buffer has room for: without limit if it is a pointer.
function types.room (buffer) return sizes[buffer] or room_of(buffer) end

-- check_room(buffer, size): raises when the buffer is smaller than that, which of a pointer nobody knows.
function types.check_room (buffer, size)
  if size == nil then error('a buffer needs a count', 3) end
  if type(size) ~= 'number' then size = arguments.number(size, 'a count', 4) end
  local room = sizes[buffer] or room_of(buffer)
  -- Asked like this because of NaN.
  if not (size >= 0) then error('a count is not below 0', 3) end
  if not (size <= room) then
    error('the buffer has room for ' .. room .. ' bytes, not for ' .. size, 3)
  end
end

-- A path as the kernel gets it. It would end at a zero byte, and mean another file.
function types.path (path)
  if type(path) == 'string' and path:find('\0', 1, true) then error('a path has no zero bytes', 3) end
  return path
end

-- into(name): a function that gives an object of this type, the given one or a new one.
function types.into (name)
  local ctype, pointer
  return function (object)
    if not ctype then
      ctype = types.t[name]
      pointer = typeof('$ *', ctype)
    end
    if object == nil then return ctype() end
    if ffi.istype(ctype, object) or ffi.istype(pointer, object) then return object end
    local room = type(object) == 'cdata' and (sizes[object] or ffi.sizeof(object))
    if not room or room < ffi.sizeof(ctype) then error('a ' .. name .. ' was expected as buffer', 3) end
    return object
  end
end

-- Takes in the descriptions of the given files.
function types.define (subjects)
  for _, subject in ipairs(subjects) do
    for name, definition in pairs(import('structs/' .. subject)) do
      if name ~= 'headers' then definitions[name] = definition end
    end
  end
end

-- part(inside, whole): `inside`, which points into `whole`, and keeps it alive.
local owners = setmetatable({}, { __mode = 'k' })
function types.part (inside, whole)
  owners[inside] = whole
  return inside
end

types.definitions = definitions
types.parts_of = parts_of
S.t, S.pt = types.t, types.pt
return types

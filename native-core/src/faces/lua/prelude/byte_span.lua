-- SPDX-License-Identifier: MIT OR BSL-1.0
-- byte_span: bytes owned by the garbage collector, of which C++ sees the header in faces/lua/byte_span_layout.hpp.
--
-- chunk(ffi, pcall, raise, cookie, refuse_member) returns the global `byte_span` and is_span(value). pcall is LuaJIT's own; raise(EINVAL,
-- arg, expected, given) and raise(ENOMEM, arg, size, limit) throw the structured error; cookie is the eight bytes by which C++ knows a span. An argument is
-- numbered as the function sees it: self is 1.

local ffi, pcall, raise, cookie, refuse_member = ...

local band, rshift, tobit = bit.band, bit.rshift, bit.tobit
local floor, max, min = math.floor, math.max, math.min
local select, tonumber, type = select, tonumber, type
local cast, istype, to_string = ffi.cast, ffi.istype, ffi.string

local ENOMEM, EINVAL = 12, 22
local SELF = 'the object itself, a byte_span: call object:method(...), with a colon'
local A_SPAN, BYTES, BYTE = 'a byte_span', 'a byte_span or a string', 'an integer from 0 to 255'
local SIZE, COUNT, INDEX = 'an integer from 0', 'a count within the length', 'an index from 1'
local WITHIN = 'an index within the span'

-- Fields of a C structure are found before any metamethod, and a program that could name `data` could read anywhere.
-- So their names are as secret as the cookie.
local secret = cookie:gsub('.', function (byte) return ('%02x'):format(byte:byte()) end)
local COOKIE, DATA, LENGTH, CAPACITY = 'cookie' .. secret, 'data' .. secret, 'length' .. secret, 'capacity' .. secret
local STORAGE = 'storage' .. secret
local fields = ('uint64_t %s; uint8_t *%s; int32_t %s; int32_t %s;'):format(COOKIE, DATA, LENGTH, CAPACITY)
local stamp = cast('const uint64_t *', cookie)[0]

local metatable = {}
-- A span made from nothing holds its bytes itself; a view points into one of those. They have tags because errors of
-- LuaJIT tell those.
ffi.cdef(('struct byte_span { %s uint8_t %s[?]; }; struct byte_span_view { %s };'):format(fields, STORAGE, fields))
local owner = ffi.metatype('struct byte_span', metatable)
local view = ffi.metatype('struct byte_span_view', metatable)
-- The owner of each view, alive as long as the view is.
local owners = setmetatable({}, { __mode = 'k' })
-- The last view that first() made of each span. Most programs ask for as much as the time before, and a span found again
-- has not to be entered in `owners`.
local fronts = setmetatable({}, { __mode = 'kv' })

local byte_set = ffi.typeof('uint8_t[256]')
local const_bytes = ffi.typeof('const uint8_t *')

ffi.cdef [[
uint8_t *emilua_memchr(const void *, int, size_t) __asm__("memchr");
uint8_t *emilua_memrchr(const void *, int, size_t) __asm__("memrchr");
uint8_t *emilua_memmem(const void *, size_t, const void *, size_t) __asm__("memmem");
int emilua_memcmp(const void *, const void *, size_t) __asm__("memcmp");
void *emilua_memmove(void *, const void *, size_t) __asm__("memmove");
]]
local C = ffi.C

-- What a C object of LuaJIT can hold at most, header included.
local largest = 0x7fffff00
-- From here on running out of memory is an error of the call instead of the end of the VM.
local large = 0x100000

local function is_span (value)
  return istype(view, value) or istype(owner, value)
end

local function check_span (value, arg)
  if not (istype(view, value) or istype(owner, value)) then raise(EINVAL, arg, arg == 1 and SELF or A_SPAN, value) end
end

-- tobit() alone would take strings.
local function is_integer (value)
  return type(value) == 'number' and tobit(value) == value
end

-- A pointer into a span must not outlive the last mention of that span in a function, because compiled code may
-- forget the span there. So pointers are read where they are used and never kept over an allocation.
local function address (bytes)
  if type(bytes) == 'string' then return bytes end
  return bytes[DATA]
end

local function size_of (bytes, arg)
  if type(bytes) == 'string' then return #bytes end
  if not is_span(bytes) then raise(EINVAL, arg, BYTES, bytes) end
  return bytes[LENGTH]
end

local function allocate (length, capacity, arg)
  local span
  if capacity < large then
    span = owner(capacity)
  else
    local ok, result = pcall(owner, capacity)
    if not ok then raise(ENOMEM, arg, capacity) end
    span = result
  end
  span[COOKIE] = stamp
  span[DATA] = span[STORAGE]
  span[LENGTH] = length
  span[CAPACITY] = capacity
  return span
end

local function make_view (parent, offset, length)
  local span = view()
  span[COOKIE] = stamp
  span[DATA] = parent[DATA] + offset
  span[LENGTH] = length
  span[CAPACITY] = parent[CAPACITY] - offset
  if istype(owner, parent) then
    owners[span] = parent
  else
    owners[span] = owners[parent]
  end
  return span
end

local function check_size (size, arg)
  if type(size) == 'string' and not tonumber(size) then
    raise(EINVAL, arg, SIZE .. ', not a text: byte_span.append(text) makes one', size)
  end
  if type(size) ~= 'number' or size < 0 or floor(size) ~= size then raise(EINVAL, arg, SIZE, size) end
  if size > largest then raise(ENOMEM, arg, size, largest) end
end

local byte_span = {}

-- The collector's memory is zeroed whoever asks, so with_zeros() has nothing to add.
function byte_span.new (length, capacity)
  check_size(length, 1)
  if capacity == nil then return allocate(length, length, 1) end
  check_size(capacity, 2)
  if capacity < length then raise(EINVAL, 2, 'at least the length', capacity) end
  return allocate(length, capacity, 2)
end

byte_span.with_zeros = byte_span.new

local methods = {}

function methods.sub (self, first, last)
  check_span(self, 1)
  if first == nil then
    first = 1
  elseif not is_integer(first) or first < 1 then
    raise(EINVAL, 2, INDEX, first)
  end
  if last == nil then
    last = self[LENGTH]
  elseif not is_integer(last) or last < 0 or last > self[CAPACITY] then
    raise(EINVAL, 3, 'an index within the capacity', last)
  end
  if first > last + 1 then raise(EINVAL, 2, 'an index before the end of the range', first) end
  return make_view(self, first - 1, last - first + 1)
end

function methods.first (self, count)
  check_span(self, 1)
  if not is_integer(count) or count < 0 or count > self[LENGTH] then raise(EINVAL, 2, COUNT, count) end
  local span = fronts[self]
  if span and span[LENGTH] == count then return span end
  span = make_view(self, 0, count)
  fronts[self] = span
  return span
end

function methods.last (self, count)
  check_span(self, 1)
  local length = self[LENGTH]
  if not is_integer(count) or count < 0 or count > length then raise(EINVAL, 2, COUNT, count) end
  return make_view(self, length - count, count)
end

function methods.copy (self, source)
  check_span(self, 1)
  local count = min(size_of(source, 2), self[LENGTH])
  C.emilua_memmove(self[DATA], address(source), count)
  return count
end

function methods.fill (self, byte)
  check_span(self, 1)
  if not is_integer(byte) or byte < 0 or byte > 255 then raise(EINVAL, 2, BYTE, byte) end
  ffi.fill(self[DATA], self[LENGTH], byte)
  return self
end

-- Pieces are the arguments from number `arg` on; nil is none.
local function size_of_pieces (arg, ...)
  local total = 0
  for i = 1, select('#', ...) do
    local piece = select(i, ...)
    if type(piece) ~= 'nil' then total = total + size_of(piece, arg + i - 1) end
  end
  if total > largest then raise(ENOMEM, arg, total, largest) end
  return total
end

local function write_pieces (span, at, ...)
  for i = 1, select('#', ...) do
    local piece = select(i, ...)
    if type(piece) ~= 'nil' then
      local size = size_of(piece)
      C.emilua_memmove(span[DATA] + at, address(piece), size)
      at = at + size
    end
  end
  return span
end

function byte_span.append (...)
  local total = size_of_pieces(1, ...)
  return write_pieces(allocate(total, total, 1), 0, ...)
end

function methods.append (self, ...)
  check_span(self, 1)
  local length, capacity = self[LENGTH], self[CAPACITY]
  local needed = length + size_of_pieces(2, ...)
  if needed <= capacity then return write_pieces(make_view(self, 0, needed), length, ...) end
  if needed > largest then raise(ENOMEM, 2, needed, largest) end
  local grown = allocate(needed, min(max(needed, capacity + rshift(capacity, 1)), largest), 2)
  C.emilua_memmove(grown[DATA], self[DATA], length)
  return write_pieces(grown, length, ...)
end

function methods.starts_with (self, prefix)
  check_span(self, 1)
  local size = size_of(prefix, 2)
  return size <= self[LENGTH] and C.emilua_memcmp(self[DATA], address(prefix), size) == 0
end

function methods.ends_with (self, suffix)
  check_span(self, 1)
  local size = size_of(suffix, 2)
  local offset = self[LENGTH] - size
  return offset >= 0 and C.emilua_memcmp(self[DATA] + offset, address(suffix), size) == 0
end

-- Where a search begins or ends: an index, which may lie beyond the span's end.
local function check_bound (bound, default)
  if bound == nil then return default end
  if type(bound) ~= 'number' or bound < 1 or floor(bound) ~= bound then raise(EINVAL, 3, INDEX, bound) end
  return bound
end

function methods.find (self, target, start)
  check_span(self, 1)
  local size, length = size_of(target, 2), self[LENGTH]
  start = check_bound(start, 1)
  if start > length + 1 then return nil end
  local found = C.emilua_memmem(self[DATA] + (start - 1), length - start + 1, address(target), size)
  if found == nil then return nil end
  return found - self[DATA] + 1
end

function methods.rfind (self, target, end_)
  check_span(self, 1)
  local size, length = size_of(target, 2), self[LENGTH]
  local starts = min(check_bound(end_, length + 1), length - size + 1)
  if size == 0 then return starts end
  local byte = cast(const_bytes, address(target))[0]
  while starts > 0 do
    local found = C.emilua_memrchr(self[DATA], byte, starts)
    if found == nil then return nil end
    starts = found - self[DATA]
    if C.emilua_memcmp(self[DATA] + starts, address(target), size) == 0 then return starts + 1 end
  end
  return nil
end

local function set_of (bytes, arg)
  local size, set = size_of(bytes, arg), byte_set()
  for i = 0, size - 1 do set[cast(const_bytes, address(bytes))[i]] = 1 end
  return set
end

-- The first index from `from` to `to` whose byte is in the set (wanted 1) or is not (wanted 0).
local function scan (self, set, wanted, from, to, step)
  for i = from, to, step do
    if set[self[DATA][i - 1]] == wanted then return i end
  end
  return nil
end

function methods.find_first_of (self, bytes, start)
  check_span(self, 1)
  return scan(self, set_of(bytes, 2), 1, check_bound(start, 1), self[LENGTH], 1)
end

function methods.find_first_not_of (self, bytes, start)
  check_span(self, 1)
  return scan(self, set_of(bytes, 2), 0, check_bound(start, 1), self[LENGTH], 1)
end

function methods.find_last_of (self, bytes, end_)
  check_span(self, 1)
  local length = self[LENGTH]
  return scan(self, set_of(bytes, 2), 1, min(check_bound(end_, length), length), 1, -1)
end

function methods.find_last_not_of (self, bytes, end_)
  check_span(self, 1)
  local length = self[LENGTH]
  return scan(self, set_of(bytes, 2), 0, min(check_bound(end_, length), length), 1, -1)
end

function methods.trimmed (self, lws)
  check_span(self, 1)
  if lws == nil then lws = ' \f\n\r\t\v' end
  local set, length = set_of(lws, 2), self[LENGTH]
  local first = scan(self, set, 0, 1, length, 1)
  if not first then return make_view(self, 0, 0) end
  return make_view(self, first - 1, scan(self, set, 0, length, 1, -1) - first + 1)
end

function methods.inplace_lower (self)
  check_span(self, 1)
  for i = 0, self[LENGTH] - 1 do
    local byte = self[DATA][i]
    if byte >= 0x41 and byte <= 0x5a then self[DATA][i] = byte + 0x20 end
  end
end

function methods.inplace_upper (self)
  check_span(self, 1)
  for i = 0, self[LENGTH] - 1 do
    local byte = self[DATA][i]
    if byte >= 0x61 and byte <= 0x7a then self[DATA][i] = byte - 0x20 end
  end
end

-- Integers of 8 to 48 bits.
--
-- Byte by byte, so that neither the machine's order nor its alignment matters. The bytes are those from `at` on.

local read, write = { be = {}, le = {} }, { be = {}, le = {} }

read.be[1] = function (span, at) return span[DATA][at] end
read.be[2] = function (span, at)
  local p = span[DATA]
  return p[at] * 0x100 + p[at + 1]
end
read.be[3] = function (span, at)
  local p = span[DATA]
  return p[at] * 0x10000 + p[at + 1] * 0x100 + p[at + 2]
end
read.be[4] = function (span, at)
  local p = span[DATA]
  return p[at] * 0x1000000 + p[at + 1] * 0x10000 + p[at + 2] * 0x100 + p[at + 3]
end
read.be[5] = function (span, at) return read.be[2](span, at) * 0x1000000 + read.be[3](span, at + 2) end
read.be[6] = function (span, at) return read.be[3](span, at) * 0x1000000 + read.be[3](span, at + 3) end

read.le[2] = function (span, at)
  local p = span[DATA]
  return p[at] + p[at + 1] * 0x100
end
read.le[3] = function (span, at)
  local p = span[DATA]
  return p[at] + p[at + 1] * 0x100 + p[at + 2] * 0x10000
end
read.le[4] = function (span, at)
  local p = span[DATA]
  return p[at] + p[at + 1] * 0x100 + p[at + 2] * 0x10000 + p[at + 3] * 0x1000000
end
read.le[5] = function (span, at) return read.le[3](span, at) + read.le[2](span, at + 3) * 0x1000000 end
read.le[6] = function (span, at) return read.le[3](span, at) + read.le[3](span, at + 3) * 0x1000000 end

write.be[1] = function (span, at, n) span[DATA][at] = n end
write.be[2] = function (span, at, n)
  local p = span[DATA]
  p[at], p[at + 1] = rshift(n, 8), band(n, 255)
end
write.be[3] = function (span, at, n)
  local p = span[DATA]
  p[at], p[at + 1], p[at + 2] = rshift(n, 16), band(rshift(n, 8), 255), band(n, 255)
end
write.be[4] = function (span, at, n)
  local p = span[DATA]
  p[at], p[at + 1] = rshift(n, 24), band(rshift(n, 16), 255)
  p[at + 2], p[at + 3] = band(rshift(n, 8), 255), band(n, 255)
end
write.be[5] = function (span, at, n)
  write.be[1](span, at, floor(n / 0x100000000))
  write.be[4](span, at + 1, n % 0x100000000)
end
write.be[6] = function (span, at, n)
  write.be[2](span, at, floor(n / 0x100000000))
  write.be[4](span, at + 2, n % 0x100000000)
end

write.le[2] = function (span, at, n)
  local p = span[DATA]
  p[at], p[at + 1] = band(n, 255), rshift(n, 8)
end
write.le[3] = function (span, at, n)
  local p = span[DATA]
  p[at], p[at + 1], p[at + 2] = band(n, 255), band(rshift(n, 8), 255), rshift(n, 16)
end
write.le[4] = function (span, at, n)
  local p = span[DATA]
  p[at], p[at + 1] = band(n, 255), band(rshift(n, 8), 255)
  p[at + 2], p[at + 3] = band(rshift(n, 16), 255), rshift(n, 24)
end
write.le[5] = function (span, at, n)
  write.le[4](span, at, n % 0x100000000)
  write.be[1](span, at + 4, floor(n / 0x100000000))
end
write.le[6] = function (span, at, n)
  write.le[4](span, at, n % 0x100000000)
  write.le[2](span, at + 4, floor(n / 0x100000000))
end

local function check_width (span, width)
  if not is_span(span) or span[LENGTH] ~= width then raise(EINVAL, 1, 'a byte_span of ' .. width .. ' bytes', span) end
end

local function add_integer (name, width, get, set)
  local modulus = 2 ^ (width * 8)
  local half = modulus / 2
  local unsigned = 'an unsigned integer of ' .. width * 8 .. ' bits'
  local signed = 'a signed integer of ' .. width * 8 .. ' bits'

  if width > 1 then
    methods['get_u' .. name] = function (self)
      check_width(self, width)
      return get(self, 0)
    end

    methods['set_u' .. name] = function (self, n)
      check_width(self, width)
      if type(n) ~= 'number' or n < 0 or n >= modulus or floor(n) ~= n then raise(EINVAL, 2, unsigned, n) end
      set(self, 0, n)
    end
  end

  methods['get_i' .. name] = function (self)
    check_width(self, width)
    local n = get(self, 0)
    if n >= half then n = n - modulus end
    return n
  end

  methods['set_i' .. name] = function (self, n)
    check_width(self, width)
    if type(n) ~= 'number' or n < -half or n >= half or floor(n) ~= n then raise(EINVAL, 2, signed, n) end
    if n < 0 then n = n + modulus end
    set(self, 0, n)
  end
end

add_integer('8', 1, read.be[1], write.be[1])
for width = 2, 6 do
  for _, order in ipairs { 'be', 'le' } do
    add_integer(width * 8 .. order, width, read[order][width], write[order][width])
  end
end

-- Floating point.
--
-- A NaN's payload is never let into Lua, which stores its own types in there: any NaN read is the one NaN of Lua.

local float = ffi.typeof('union { float value; uint32_t bits; }')
local double = ffi.typeof('union { double value; struct { uint32_t first, second; } bits; }')
local high, low = 'second', 'first'
if ffi.abi('be') then high, low = low, high end
local nan = 0 / 0

for _, order in ipairs { 'be', 'le' } do
  local get, set = read[order][4], write[order][4]
  local upper, lower = 0, 4
  if order == 'le' then upper, lower = lower, upper end

  methods['get_f32' .. order] = function (self)
    check_width(self, 4)
    local bits = get(self, 0)
    if bits % 0x80000000 > 0x7f800000 then return nan end
    local number = float()
    number.bits = bits
    return number.value
  end

  methods['set_f32' .. order] = function (self, n)
    check_width(self, 4)
    if type(n) ~= 'number' then raise(EINVAL, 2, 'a number', n) end
    local number = float()
    number.value = n
    set(self, 0, number.bits)
  end

  methods['get_f64' .. order] = function (self)
    check_width(self, 8)
    local top, bottom = get(self, upper), get(self, lower)
    local magnitude = top % 0x80000000
    if magnitude > 0x7ff00000 or (magnitude == 0x7ff00000 and bottom > 0) then return nan end
    local number = double()
    number.bits[high], number.bits[low] = top, bottom
    return number.value
  end

  methods['set_f64' .. order] = function (self, n)
    check_width(self, 8)
    if type(n) ~= 'number' then raise(EINVAL, 2, 'a number', n) end
    local number = double()
    number.value = n
    set(self, upper, number.bits[high])
    set(self, lower, number.bits[low])
  end
end

local properties = { capacity = true }

function metatable.__index (self, key)
  if type(key) == 'number' then
    if key < 1 or key > self[LENGTH] or floor(key) ~= key then raise(EINVAL, 2, WITHIN, key) end
    return self[DATA][key - 1]
  end
  local method = methods[key]
  if method then return method end
  if key == 'capacity' then return self[CAPACITY] end
  refuse_member(2, 'byte_span', key, methods, properties)
end

function metatable.__newindex (self, key, value)
  if type(key) ~= 'number' or key < 1 or key > self[LENGTH] or floor(key) ~= key then raise(EINVAL, 2, WITHIN, key) end
  if not is_integer(value) or value < 0 or value > 255 then raise(EINVAL, 3, BYTE, value) end
  self[DATA][key - 1] = value
end

function metatable.__len (self)
  return self[LENGTH]
end

function metatable.__tostring (self)
  return to_string(self[DATA], self[LENGTH])
end

function metatable.__eq (left, right)
  if not is_span(left) or not is_span(right) then return false end
  local length = left[LENGTH]
  return length == right[LENGTH] and C.emilua_memcmp(left[DATA], right[DATA], length) == 0
end

-- Text is made of a span where somebody says so: a concatenation would copy at each step.
function metatable.__concat (left)
  raise(EINVAL, is_span(left) and 1 or 2, 'text: tostring(span) is one')
end

local function refuse_iteration ()
  raise(EINVAL, 1, 'a table: for i = 1, #span do local byte = span[i] end')
end

metatable.__ipairs, metatable.__pairs = refuse_iteration, refuse_iteration

return byte_span, is_span

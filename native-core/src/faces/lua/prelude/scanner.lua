-- SPDX-License-Identifier: MIT OR BSL-1.0
-- stream.scanner: records out of a stream and fields out of records, in the way of AWK.
--
-- chunk(native, byte_span, asio_error, generic_error) returns `stream.scanner`. Separators are strings or, for
-- fields, functions.

local native, byte_span, asio_error, generic_error = ...

local error, max, min, pcall, setmetatable, type = error, math.max, math.min, pcall, setmetatable, type

local WHITE_SPACE = ' \f\n\r\t\v'
local DEFAULT_BUFFER_SIZE, DEFAULT_RECORD_SIZE = 4096, 16 * 1024 * 1024

-- Keys that a program cannot name. The bytes from BEGIN to the end of BUFFER are buffered; LENGTH of them are the
-- current record, and CONSUMED are that with its terminator.
local BUFFER, BEGIN, LENGTH, CONSUMED = {}, {}, {}, {}

local methods = { record_separator = '\n', trim_record = false, record_number = 0 }
local mt = { __index = methods }

local function is_size (value)
  return type(value) == 'number' and value >= 1 and value % 1 == 0
end

local function max_record_size (self)
  local size = self.max_record_size or DEFAULT_RECORD_SIZE
  if not is_size(size) then native.raise_argument(1, 'a scanner whose max_record_size is an integer from 1') end
  return size
end

-- Made when it is first asked for: the options may change until then.
local function buffer_of (self)
  if not self[BUFFER] then
    local hint = self.buffer_size_hint or DEFAULT_BUFFER_SIZE
    if not is_size(hint + 1) then native.raise_argument(1, 'a scanner whose buffer_size_hint is a size') end
    self[BUFFER] = byte_span.new(0, min(max(hint, 1), max_record_size(self)))
    self[BEGIN], self[LENGTH], self[CONSUMED] = 1, 0, 0
  end
  return self[BUFFER]
end

local function drop (self)
  self[BEGIN] = self[BEGIN] + self[CONSUMED]
  self[LENGTH], self[CONSUMED] = 0, 0
  self.record_terminator = nil
end

local function take (self, length, terminator)
  self[LENGTH], self[CONSUMED] = length, length + #terminator
  self.record_terminator = terminator
  self.record_number = self.record_number + 1
end

local function make_room (self)
  local buffer, begin = self[BUFFER], self[BEGIN]
  local held, capacity = #buffer - begin + 1, buffer.capacity
  local size = capacity
  if begin - 1 <= capacity / 2 then
    size = min(max(capacity * 2, 64), max(max_record_size(self), held + 1))
  end
  local larger = byte_span.new(held, size)
  larger:copy(buffer:sub(begin))
  self[BUFFER], self[BEGIN] = larger, 1
end

-- Reads more; false at the end of the stream, if something is left.
local function fill (self)
  if #self[BUFFER] == self[BUFFER].capacity then make_room(self) end
  local buffer, source = self[BUFFER], self.stream
  local ok, n = pcall(source.read_some, source, buffer:sub(#buffer + 1, buffer.capacity))
  if ok then
    self[BUFFER] = buffer:sub(1, #buffer + n)
    return true
  end
  if n == asio_error.misc.eof and #buffer >= self[BEGIN] then return false end
  error(n, 0)
end

local function split (record, separator)
  local fields = {}
  if #record == 0 then return fields end
  local from = 1
  while from <= #record do
    local at = record:find(separator, from)
    if not at then break end
    fields[#fields + 1] = record:sub(from, at - 1)
    from = at + #separator
  end
  fields[#fields + 1] = record:sub(from)
  return fields
end

local function split_at_white_space (record)
  local fields = {}
  if #record == 0 then return fields end
  local from = 1
  while from <= #record do
    local at = record:find_first_of(WHITE_SPACE, from)
    if not at then break end
    fields[#fields + 1] = record:sub(from, at - 1)
    from = record:find_first_not_of(WHITE_SPACE, at) or #record + 1
  end
  fields[#fields + 1] = record:sub(from)
  return fields
end

local function fields_of (self)
  local record, trim, separator = self:buffered_line(), self.trim_record, self.field_separator
  if trim then record = record:trimmed(trim == true and WHITE_SPACE or trim) end
  if separator == nil then return record end
  if type(separator) == 'function' then return separator(record) end
  return split(record, separator)
end

local function is_text (value)
  return type(value) == 'string' and value ~= ''
end

local function check (self)
  local source, separator = self.stream, self.field_separator
  if type(source) ~= 'table' and type(source) ~= 'userdata' then
    native.raise_argument(1, 'a scanner with a stream')
  end
  if not is_text(self.record_separator) then
    native.raise_argument(1, 'a scanner whose record_separator is a string and not empty')
  end
  if separator ~= nil and type(separator) ~= 'function' and not is_text(separator) then
    native.raise_argument(1, 'a scanner whose field_separator is a string, and not empty, or a function')
  end
end

function methods:get_line ()
  check(self)
  buffer_of(self)
  drop(self)
  local separator, limit, searched = self.record_separator, max_record_size(self), 0
  while true do
    local buffer, begin = self[BUFFER], self[BEGIN]
    local held = #buffer - begin + 1
    local start = begin + max(0, searched - #separator + 1)
    local at = start <= #buffer and buffer:find(separator, start)
    if at then
      take(self, at - begin, separator)
      break
    end
    searched = held
    if held >= limit then error(generic_error.EMSGSIZE, 0) end
    if not fill(self) then
      take(self, held, '')
      break
    end
  end
  return fields_of(self)
end

local function check_record (self)
  if self.record_terminator == nil then native.raise_argument(1, 'a scanner with a record') end
end

function methods:buffered_line ()
  check_record(self)
  return self[BUFFER]:sub(self[BEGIN], self[BEGIN] + self[LENGTH] - 1)
end

function methods:remove_line ()
  check_record(self)
  drop(self)
end

function methods:buffer ()
  return buffer_of(self), self[BEGIN]
end

function methods:set_buffer (buffer, offset)
  if not native.is_byte_span(buffer) then native.raise_argument(2, 'a byte_span') end
  offset = offset == nil and 1 or offset
  if not is_size(offset) or offset > #buffer + 1 then native.raise_argument(3, 'an index within the span') end
  self[BUFFER], self[BEGIN], self[LENGTH], self[CONSUMED] = buffer, offset, 0, 0
  self.record_terminator = nil
end

local function new (options)
  if options ~= nil and type(options) ~= 'table' then native.raise_argument(1, 'a table or nothing') end
  return setmetatable(options or {}, mt)
end

return {
  mt = mt,
  new = new,
  with_awk_defaults = function (source)
    return new {
      stream = source, record_separator = '\n', trim_record = true, field_separator = split_at_white_space
    }
  end
}

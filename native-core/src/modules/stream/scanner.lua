-- SPDX-License-Identifier: MIT OR BSL-1.0
-- stream.scanner: records and their fields out of anything that has read_some.
--
-- chunk(native, scanner, use) completes the class.

local native, scanner, use = ...

local byte_span = byte_span
local generic_error = use('generic_error')
local eof = use('asio_error').misc.eof
local counted = use('stream.composed').counted
local error, getmetatable, ipairs, pairs, pcall, setmetatable, type =
  error, getmetatable, ipairs, pairs, pcall, setmetatable, type
local max, min = math.max, math.min

local usual_size, usual_maximum = 4096, 16 * 1024 * 1024

-- What a scanner keeps beside the attributes that programs set. `data` is what was read, in a buffer with its capacity;
-- the current record starts at `begin`, has `length` bytes, and `consumed` with its terminator.
local STATE = {}

local TEXT_OR_REGEX = 'a regex or a string that is not empty'
local FUNCTION_TEXT_OR_REGEX = 'a function, a regex or a string that is not empty'
local STREAM = 'an object with a method read_some'

-- Of an attribute of the scanner, which is the first argument.
local function refuse (name, expected, value)
  native.raise_argument(1, expected, value, name)
end

local function fail_too_long (maximum)
  local e = generic_error.EMSGSIZE
  e.message = 'The record is longer than max_record_size (' .. maximum .. ')'
  error(e, 0)
end

local function fail_busy ()
  local e = generic_error.EBUSY
  e.message = 'Expected one get_line at a time, and another fiber waits in it already'
  error(e, 0)
end

local function state_of (self)
  local state = type(self) == 'table' and self[STATE]
  if not state then native.raise_argument(1, 'a stream.scanner', self) end
  return state
end

local function is_text (value) return type(value) == 'string' and value ~= '' end

-- Separators -----------------------------------------------------------------------------------------------------

-- Finders: the first and the last index of the separator in `data` from `begin` on, where `searched` bytes were
-- searched before there were more of them. Every now and then they are asked `from_start`.

local function find_text (separator, data, begin, searched)
  local size = #separator
  local first = data:find(separator, begin + max(0, searched - size + 1))
  if first then return first, first + size - 1 end
end

-- Most matches are short, so what was searched need not be searched again but for its end.
local long_match = 1024

local function find_regex (separator, data, begin, searched, from_start)
  local from = from_start and 0 or max(0, searched - long_match)
  local seen = max(0, from - long_match)
  local match = use('regex').occurrences(separator, data:sub(begin + seen), from - seen, 1)
  if match[1] then return begin + seen + match[1], begin + seen + match[2] - 1 end
end

local known_regexes = setmetatable({}, { __mode = 'k' })

local function is_regex (value)
  if type(value) ~= 'userdata' then return false end
  if not known_regexes[value] then known_regexes[value] = pcall(use('regex').occurrences, value, '') end
  return known_regexes[value]
end

local function is_separator (value) return is_text(value) or is_regex(value) end

local function finder_of (separator)
  if is_text(separator) then return find_text end
  if is_regex(separator) then return find_regex end
  refuse('record_separator', TEXT_OR_REGEX, separator)
end

-- Splitters: the fields of a record. An empty record has none.

local function split_at_text (separator, record)
  local fields, n, begin = {}, 0, 1
  if #record == 0 then return fields end
  while true do
    local at = record:find(separator, begin)
    n = n + 1
    if not at then
      fields[n] = record:sub(begin)
      return fields
    end
    fields[n] = record:sub(begin, at - 1)
    begin = at + #separator
  end
end

local blank = {}
for byte in (' \f\n\r\t\v'):gmatch('.') do blank[byte:byte()] = true end

local function split_at_blanks (record)
  local fields, n, begin = {}, 0, nil
  for i = 1, #record do
    if blank[record[i]] then
      if begin then
        n = n + 1
        fields[n] = record:sub(begin, i - 1)
        begin = nil
      end
    elseif not begin then
      begin = i
    end
  end
  if begin then fields[n + 1] = record:sub(begin) end
  return fields
end

local function fields_of (self, record)
  local trim = self.trim_record
  if trim then record = record:trimmed(trim ~= true and trim or nil) end
  local separator, pattern = self.field_separator, self.field_pattern
  if separator == nil then return pattern and use('regex').patsplit(pattern, record) or record end
  if type(separator) == 'function' then return separator(record) end
  if type(separator) == 'string' then return split_at_text(separator, record) end
  return use('regex').split(separator, record)
end

local function check_fields (self)
  local separator, trim = self.field_separator, self.trim_record
  if separator ~= nil and type(separator) ~= 'function' and not is_separator(separator) then
    refuse('field_separator', FUNCTION_TEXT_OR_REGEX, separator)
  end
  if self.field_pattern ~= nil and not is_regex(self.field_pattern) then
    refuse('field_pattern', 'a regex', self.field_pattern)
  end
  if trim and trim ~= true and type(trim) ~= 'string' then
    refuse('trim_record', 'a boolean or a string', trim)
  end
end

-- The buffer -----------------------------------------------------------------------------------------------------

local function drop (self, state)
  state.begin = state.begin + state.consumed
  state.length, state.consumed = 0, 0
  self.record_terminator = nil
end

local function take (self, state, first, last)
  state.length = first - state.begin
  state.consumed = last - state.begin + 1
  if type(self.record_separator) == 'string' then
    self.record_terminator = last < first and '' or self.record_separator
  else
    self.record_terminator = state.data:sub(first, last)
  end
  self.record_number = self.record_number + 1
end

local function make_room (state, maximum)
  local data, begin = state.data, state.begin
  local held, capacity = #data - begin + 1, data.capacity
  -- Records that were returned are views of the old buffer, which is never written to again. Where nothing lies before
  -- what is held, only a larger one has room.
  if begin == 1 or begin <= capacity / 2 then capacity = min(max(capacity * 2, 64), max(maximum, held + 1)) end
  local grown = byte_span.new(held, capacity)
  grown:copy(data:sub(begin))
  state.data, state.begin = grown, 1
end

-- Reads more; false when the stream has ended and something is left.
local function fill (state, stream, maximum)
  if #state.data == state.data.capacity then make_room(state, maximum) end
  local data = state.data
  local length = #data
  state.waits = true
  local ok, n = pcall(stream.read_some, stream, data:sub(length + 1, data.capacity))
  state.waits = false
  if ok then
    state.data = data:sub(1, length + counted(n, data.capacity - length, 'stream'))
    return true
  end
  if n == eof and length >= state.begin then return false end
  error(n, 0)
end

-- The class ------------------------------------------------------------------------------------------------------

local methods = {}

function methods.get_line (self)
  local state = state_of(self)
  local stream, separator, maximum = self.stream, self.record_separator, self.max_record_size
  if type(stream) ~= 'table' and type(stream) ~= 'userdata' then refuse('stream', STREAM, stream) end
  local find = finder_of(separator)
  check_fields(self)
  native.check_suspension()
  if state.waits then fail_busy() end
  drop(self, state)
  local searched, searched_from_start = 0, 0
  while true do
    local held = #state.data - state.begin + 1
    local from_start = held >= 4 * searched_from_start
    if from_start then searched_from_start = held end
    local first, last = find(separator, state.data, state.begin, searched, from_start)
    if (first and last - state.begin or held) >= maximum then fail_too_long(maximum) end
    if first then
      take(self, state, first, last)
      break
    end
    searched = held
    if not fill(state, stream, maximum) then
      first, last = find(separator, state.data, state.begin, searched, true)
      take(self, state, first or #state.data + 1, last or #state.data)
      break
    end
  end
  return fields_of(self, self:buffered_line())
end

local function check_record (self, state)
  if self.record_terminator == nil then native.raise_argument(1, 'a scanner with a record: get_line() reads one') end
  return state
end

function methods.buffered_line (self)
  local state = check_record(self, state_of(self))
  return state.data:sub(state.begin, state.begin + state.length - 1)
end

function methods.remove_line (self)
  drop(self, check_record(self, state_of(self)))
end

function methods.buffer (self)
  local state = state_of(self)
  return state.data, state.begin
end

function methods.set_buffer (self, buffer, offset)
  local state = state_of(self)
  if not native.is_byte_span(buffer) then native.raise_argument(2, 'a byte_span', buffer, 'buffer') end
  if offset == nil then offset = 1 end
  if type(offset) ~= 'number' or offset < 1 or offset > #buffer + 1 or offset % 1 ~= 0 then
    native.raise_argument(3, 'an index of the buffer, or the one after its end', offset, 'offset')
  end
  drop(self, state)
  state.data, state.begin = buffer, offset
end

scanner.mt = { __index = methods }

local function is_integer (value, least) return type(value) == 'number' and value >= least and value % 1 == 0 end

local function read_some_of (value) return value.read_some end

local function is_stream (value)
  if type(value) ~= 'table' and type(value) ~= 'userdata' then return false end
  local ok, read_some = pcall(read_some_of, value)
  return ok and read_some ~= nil
end

-- Options that programs may give, each with what it has to be.
local checks = {
  { 'stream', STREAM, is_stream },
  { 'record_separator', TEXT_OR_REGEX, is_separator },
  { 'field_separator', FUNCTION_TEXT_OR_REGEX,
    function (value) return type(value) == 'function' or is_separator(value) end },
  { 'field_pattern', 'a regex', is_regex },
  { 'trim_record', 'a boolean or a string', function (value) return type(value) == 'boolean' or type(value) == 'string' end },
  { 'buffer_size_hint', 'an integer, 0 or greater', function (value) return is_integer(value, 0) end },
  { 'max_record_size', 'an integer greater than 0', function (value) return is_integer(value, 1) end }
}

local names, known = {}, {}
for i, check in ipairs(checks) do
  names[i] = check[1]
  known[check[1]] = true
end
names = table.concat(names, ', ')

-- What other scanners keep in the table that they are.
local kept = { record_number = true, record_terminator = true }

local function plain (name) return (name:lower():gsub('_', '')) end

-- The table is the program's own and may hold what it likes, but not an option that is spelled in another way, nor one
-- that is misspelt and so not there.
local function check_names (options)
  for name, value in pairs(options) do
    local meant = type(name) == 'string' and not known[name] and not kept[name] and native.nearest(name, known)
    if meant and (options[meant] == nil or plain(meant) == plain(name)) then
      native.raise_argument(1, 'one of the fields ' .. names, value, 'options', name)
    end
  end
end

local function check_options (options)
  if type(options) ~= 'table' or getmetatable(options) ~= nil and getmetatable(options) ~= scanner.mt then
    local expected = is_stream(options) and 'the stream as one of the options, { stream = socket }' or
      'a table of ' .. names .. ', without a metatable'
    native.raise_argument(1, expected, options, 'options')
  end
  check_names(options)
  for _, check in ipairs(checks) do
    local name, expected, good = check[1], check[2], check[3]
    local value = options[name]
    if value ~= nil and not good(value) then native.raise_argument(1, expected, value, 'options', name) end
  end
end

function scanner.new (options)
  if options == nil then options = {} end
  check_options(options)
  local size = options.buffer_size_hint
  if size == nil then size = usual_size end
  if options.max_record_size == nil then options.max_record_size = usual_maximum end
  if options.record_separator == nil then options.record_separator = '\n' end
  if options.trim_record == nil then options.trim_record = false end
  options.record_number = 0
  options.record_terminator = nil
  options[STATE] = {
    data = byte_span.new(0, min(max(size, 1), options.max_record_size)), begin = 1, length = 0, consumed = 0,
    waits = false
  }
  return setmetatable(options, scanner.mt)
end

function scanner.with_awk_defaults (stream)
  if not is_stream(stream) then native.raise_argument(1, STREAM, stream, 'stream') end
  return scanner.new{ stream = stream, record_separator = '\n', trim_record = true, field_separator = split_at_blanks }
end

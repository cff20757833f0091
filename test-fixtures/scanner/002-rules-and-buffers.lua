-- The rules of a scanner hold for the next record, and its buffer can be taken and given.
local stream = require 'stream'
local generic_error, eof = require 'generic_error', require('asio_error').misc.eof

local function source (text)
  local bytes = byte_span.append(text)
  return {
    read_some = function (_, buffer)
      if #bytes == 0 then error(eof, 0) end
      local n = buffer:copy(bytes)
      bytes = bytes:sub(n + 1)
      return n
    end
  }
end

local function show (record)
  if type(record) ~= 'table' then return '[' .. tostring(record) .. ']' end
  local fields = {}
  for i, field in ipairs(record) do fields[i] = '[' .. tostring(field) .. ']' end
  return #record .. ' ' .. table.concat(fields)
end

local function new (text, options)
  options = options or {}
  options.stream = source(text)
  return stream.scanner.new(options)
end

-- The table that is given becomes the scanner, and its stream may come later.
local options = { record_separator = '\n' }
local scanner = stream.scanner.new(options)
print(rawequal(scanner, options), getmetatable(scanner) == stream.scanner.mt, scanner.record_number, scanner.record_terminator)
print(select(2, pcall(scanner.get_line, scanner)).arg)
scanner.stream = source('line\na;b;c')
print(show(scanner:get_line()), #scanner.record_terminator)
scanner.record_separator = ';'
print(show(scanner:get_line()), scanner.record_terminator)
print(show(scanner:get_line()), scanner.record_terminator)
print(show(scanner:get_line()), type(scanner.record_terminator), #scanner.record_terminator, scanner.record_number)
print(select(2, pcall(scanner.get_line, scanner)) == eof, scanner.record_terminator, scanner.record_number)

-- Fields
print(show(new('a,b,,c,\n', { field_separator = ',' }):get_line()))
print(show(new(',\n', { field_separator = ',' }):get_line()))
print(show(new('\n', { field_separator = ',' }):get_line()))
print(show(new('a, b', { field_separator = ', ' }):get_line()))
print(new('17\n', { field_separator = function (record) return tonumber(tostring(record)) + 1 end }):get_line())
print(new('4 3\n', { field_separator = function (record) return #record, 'both' end }):get_line())
scanner = new(' \tx y \n--z-\n\n', { trim_record = true })
print(show(scanner:get_line()), show(scanner:buffered_line()))
scanner.trim_record = '-'
print(show(scanner:get_line()), show(scanner:buffered_line()), show(scanner:get_line()))
scanner = stream.scanner.with_awk_defaults(source('  one \t two  \n \t\n\nthree\n'))
for _ = 1, 4 do print(show(scanner:get_line())) end

-- Records stay what they were, also when the buffer had to grow.
scanner = new(('0123456789\n'):rep(300), { buffer_size_hint = 16 })
local lines = {}
for i = 1, 300 do lines[i] = scanner:get_line() end
local same = true
for i = 1, 300 do same = same and lines[i] == byte_span.append('0123456789') end
print(same)

-- The buffer
scanner = new('head\r\n\r\nbody', { record_separator = '\r\n' })
print(show(scanner:get_line()), show(scanner:get_line()))
local buffer, offset = scanner:buffer()
print(show(buffer:sub(offset)) == show(byte_span.append('\r\nbody')), buffer.capacity > #buffer)
scanner:remove_line()
buffer, offset = scanner:buffer()
print(show(buffer:sub(offset)), scanner.record_terminator)
print((pcall(scanner.buffered_line, scanner)), (pcall(scanner.remove_line, scanner)))
scanner:set_buffer(byte_span.append('consumed|next\r\nla'), 10)
print(show(scanner:get_line()))
scanner:set_buffer(byte_span.append('instead'))
print(scanner.record_terminator, show(scanner:get_line()), #scanner.record_terminator)
local room = byte_span.new(64)
scanner.stream = source('in place\r\n')
scanner:set_buffer(room:first(8), 9)
scanner:get_line()
print(show(room:sub(9, 16)))

-- Too large a record, wherever it comes from
scanner = new('', { max_record_size = 4 })
for _, text in ipairs { 'abc\n', 'abcd\n', 'abcd' } do
  scanner:set_buffer(byte_span.append(text))
  local ok, e = pcall(scanner.get_line, scanner)
  print(ok and show(e) or e == generic_error.EMSGSIZE and e.message, scanner.record_number)
end

-- Buffered records are waited for all the same: a cancellation is not overlooked, nor is forbidden suspension.
scanner = new('1\n2\n3\n')
print(show(scanner:get_line()))
local fiber = spawn(function () return scanner:get_line() end)
fiber:cancel()
fiber:join()
print(fiber.cancellation_caught, scanner.record_number)
this_fiber.forbid_suspend()
local ok = pcall(scanner.get_line, scanner)
this_fiber.allow_suspend()
print(ok, show(scanner:get_line()))

-- A read that is canceled loses nothing.
local gate, ready = require('condition_variable').new(), false
local mutex = require('mutex').new()
local pieces = { 'half a ', 'line\n' }
scanner = stream.scanner.new{ stream = { read_some = function (_, into)
  scope(function ()
    mutex:lock()
    scope_cleanup_push(function () mutex:unlock() end)
    while not (#pieces == 2 or ready) do gate:wait(mutex) end
  end)
  return into:copy(table.remove(pieces, 1))
end } }
fiber = spawn(function () return scanner:get_line() end)
while #pieces == 2 do this_fiber.yield() end
this_fiber.yield()
fiber:cancel()
fiber:join()
ready = true
print(fiber.cancellation_caught, show(scanner:get_line()))

-- What is wrong is refused.
for _, wrong in ipairs {
  { record_separator = '' }, { record_separator = 1 }, { field_separator = '' }, { field_separator = 3 },
  { field_pattern = 'x' }, { trim_record = 1 }
} do
  local _, e = pcall(function () new('x\n', wrong):get_line() end)
  print(e, e.arg)
end
for _, wrong in ipairs { { max_record_size = 0 }, { max_record_size = '9' }, { buffer_size_hint = -1 }, { buffer_size_hint = 0.5 } } do
  print((pcall(stream.scanner.new, wrong)))
end
print((pcall(stream.scanner.mt.__index.get_line, {})), (pcall(scanner.set_buffer, scanner, 'text')))

-- The table that is given may hold what the program likes, but no option that is spelled in another way.
local own = { stream = source('x\n'), name = 'mine', streams = 2 }
print(rawequal(stream.scanner.new(own), own), own.name, own.streams)
for _, wrong in ipairs { { trimrecord = true }, { recordSeparator = ';' }, { Max_Record_Size = 1 } } do
  print(select(2, pcall(stream.scanner.new, wrong)))
end

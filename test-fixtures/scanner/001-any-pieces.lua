-- What a scanner makes of a stream does not depend on the pieces in which the stream arrives.
local stream = require 'stream'
local eof = require('asio_error').misc.eof
local source = require('./parts/source').source

local function lines (step)
  local scanner = stream.scanner.new{ stream = source('first\nsecond\n\nlast', step), buffer_size_hint = 4 }
  local seen = {}
  for i = 1, 4 do
    local line = scanner:get_line()
    assert(scanner:buffered_line() == line)
    seen[i] = scanner.record_number .. tostring(line) .. #scanner.record_terminator
  end
  local ok, e = pcall(scanner.get_line, scanner)
  assert(not ok and e == eof and scanner.record_number == 4)
  return table.concat(seen, ' ')
end

local function fields (step)
  local scanner = stream.scanner.with_awk_defaults(source('  a  b\tc \n\n one', step))
  local seen = {}
  for _ = 1, 3 do
    local record = scanner:get_line()
    for i, field in ipairs(record) do record[i] = tostring(field) end
    seen[#seen + 1] = table.concat(record, ',')
  end
  return table.concat(seen, ';')
end

local function separators (step)
  local scanner = stream.scanner.new{
    stream = source('a::b--::--', step), record_separator = '--', field_separator = '::'
  }
  local first, second = scanner:get_line(), scanner:get_line()
  return #first .. tostring(first[2]) .. #second .. #second[1] .. #second[2]
end

local function bodies (step)
  local from = source('5\r\n\r\nHello3\r\n\r\nabc', step)
  local scanner = stream.scanner.new{ stream = from, record_separator = '\r\n' }
  local seen = {}
  for i = 1, 2 do
    local length = tonumber(tostring(scanner:get_line()))
    assert(#scanner:get_line() == 0)
    scanner:remove_line()
    assert(scanner.record_terminator == nil)
    local buffer, offset = scanner:buffer()
    local body = byte_span.append(buffer:sub(offset))
    if #body < length then
      local rest = byte_span.new(length - #body)
      stream.read_all(from, rest)
      body = body:append(rest)
      scanner:set_buffer(byte_span.new(0, 64))
    else
      scanner:set_buffer(buffer, offset + length)
    end
    seen[i] = tostring(body:first(length))
  end
  return table.concat(seen, ' ')
end

local function too_long (step)
  local scanner = stream.scanner.new{
    stream = source(('x'):rep(100) .. '\n', step), max_record_size = 64, buffer_size_hint = 16
  }
  local ok, e = pcall(scanner.get_line, scanner)
  return tostring(ok) .. ' ' .. tostring(e == require('generic_error').EMSGSIZE)
end

for _, f in ipairs { lines, fields, separators, bodies, too_long } do
  local whole = f(1000)
  for step = 1, 30 do assert(f(step) == whole, step) end
  print(whole)
end
for _, f in ipairs {
  function () stream.scanner.new(3) end,
  function () stream.scanner.new():get_line() end,
  function () stream.scanner.new():remove_line() end,
  function () stream.scanner.new():set_buffer(byte_span.new(1), 3) end
} do
  local _, e = pcall(f)
  print(e.arg)
end

-- Records and fields by regular expressions, whatever the pieces in which the stream arrives.
local regex, stream = require 'regex', require 'stream'
local eof = require('asio_error').misc.eof
local source = require('./parts/source').source

local function pattern (text) return regex.new{ pattern = text, grammar = 'ecma' } end

local function all (scanner)
  local records = {}
  while true do
    local ok, record = pcall(scanner.get_line, scanner)
    if not ok then
      assert(record == eof, record)
      return table.concat(records, ' ')
    end
    if type(record) == 'table' then
      for i, field in ipairs(record) do record[i] = tostring(field) end
      record = table.concat(record, ',')
    end
    records[#records + 1] = ('[%s|%d]'):format(record, #scanner.record_terminator)
  end
end

for _, step in ipairs{ 1, 3, 1000 } do
  print(all(stream.scanner.new{ stream = source('one\r\ntwo\nthree', step), record_separator = pattern '\r?\n', buffer_size_hint = 4 }))
  print(all(stream.scanner.new{ stream = source('a1b 22c\nd', step), field_separator = pattern '[0-9]+ ?' }))
  print(all(stream.scanner.new{ stream = source('a1b 22c\nd', step), field_pattern = pattern '[0-9]+' }))
end

-- A long separator in pieces, one that looks back, and one that takes nothing.
local dashes = ('-'):rep(5000)
for _, step in ipairs{ 100, 100000 } do
  print((all(stream.scanner.new{ stream = source('one<' .. dashes .. '>two', step), record_separator = pattern '<-+>' })))
end
print(all(stream.scanner.new{ stream = source('xa;b;ya;z', 2), record_separator = pattern '(?<=a);' }))
print(all(stream.scanner.new{ stream = source('abc', 2), record_separator = pattern 'x*' }))

print(pcall(function () return stream.scanner.new{ stream = source('a', 1), record_separator = 5 }:get_line() end))
print(pcall(function () return stream.scanner.new{ stream = source('a', 1), field_pattern = 'x' }:get_line() end))

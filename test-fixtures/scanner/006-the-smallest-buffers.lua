-- A buffer in which nothing is free grows however small it is, so that no read is asked for nothing.
local stream = require 'stream'
local eof = require('asio_error').misc.eof

local function source (text)
  local bytes = byte_span.append(text)
  return {
    read_some = function (_, buffer)
      if #buffer == 0 then error('a read into no room', 0) end
      if #bytes == 0 then error(eof, 0) end
      local n = buffer:copy(bytes)
      bytes = bytes:sub(n + 1)
      return n
    end
  }
end

local function show (label, scanner)
  local lines = {}
  for i = 1, 2 do
    local ok, line = pcall(scanner.get_line, scanner)
    lines[i] = ok and '[' .. tostring(line) .. ']' or tostring(line)
  end
  print(label, table.concat(lines, ' '))
end

for hint = 0, 2 do
  show('buffer_size_hint ' .. hint, stream.scanner.new{ stream = source('abcdef\nxyz'), buffer_size_hint = hint })
end

-- What a program gives back when it has used everything up, or nearly so.
for size = 0, 2 do
  for offset = 1, size + 1 do
    local scanner = stream.scanner.new{ stream = source('abcdef\nxyz') }
    scanner:set_buffer(byte_span.with_zeros(size):fill(('-'):byte()), offset)
    show('set_buffer of ' .. size .. ' at ' .. offset, scanner)
  end
end

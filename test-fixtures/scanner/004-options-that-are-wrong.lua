-- SPDX-License-Identifier: MIT OR BSL-1.0
local ip, stream = require 'ip', require 'stream'

local function says (f)
    local ok, e = pcall(f)
    print(ok, ok or (e.message:gsub('stream, record.-record_size', '…')), not ok and e.path)
end

local socket = ip.tcp.socket.new()
says(function () stream.scanner.new('x') end)
says(function () stream.scanner.new(socket) end)
says(function () stream.scanner.new{ strem = socket } end)
says(function () stream.scanner.new{ stream = socket, record_seperator = 'x' } end)
says(function () stream.scanner.new{ stream = socket, recordSeparator = 'x' } end)
says(function () stream.scanner.new{ stream = socket, name = 'mine', streams = 3, [1] = 2 } end)
says(function () stream.scanner.new():get_line() end)
says(function () stream.scanner.with_awk_defaults() end)
local scanner = stream.scanner.new{ stream = socket }
says(function () scanner:buffered_line() end)
says(function () scanner.get_line() end)
says(function () scanner:set_buffer('x') end)
says(function () scanner:set_buffer(byte_span.new(2), 5) end)
scanner.record_separator = 5
says(function () scanner:get_line() end)
scanner.record_separator, scanner.trim_record = '\n', 5
says(function () scanner:get_line() end)
scanner.trim_record, scanner.field_separator = false, 5
says(function () scanner:get_line() end)
scanner.field_separator, scanner.field_pattern = nil, 'x'
says(function () scanner:get_line() end)
scanner.field_pattern, scanner.stream = nil, 5
says(function () scanner:get_line() end)
-- One that was used is one to begin with.
says(function () stream.scanner.new(scanner) end)
-- A stream that cannot have read so many bytes.
for _, n in ipairs { -1, 0.5, 1e9, 'x', false } do
  says(function () stream.scanner.new{ stream = { read_some = function () return n end } }:get_line() end)
  says(function () stream.read_all({ read_some = function () return n end }, byte_span.new(4)) end)
  says(function () stream.write_all({ write_some = function () return n end }, 'text') end)
end

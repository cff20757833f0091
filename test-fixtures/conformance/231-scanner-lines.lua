-- records, terminator at EOF, record_number
local stream = require 'stream'
local pipe = require 'pipe'
local pin, pout = pipe.pair()
stream.write_all(pout, 'first\nsecond\n\nlast without newline')
pout:close()
local s = stream.scanner.new{stream = pin}
print(s.record_number)
for i = 1, 4 do
    local line = s:get_line()
    print(s.record_number, '[' .. tostring(line) .. ']', #s.record_terminator)
    if i == 1 then print(type(line) ~= 'string', s:buffered_line() == line) end
end
local ok, e = pcall(s.get_line, s)
print(ok, e == require('asio_error').misc.eof, s.record_number)

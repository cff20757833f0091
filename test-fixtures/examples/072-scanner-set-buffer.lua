-- byte_span.slice was renamed sub in 0.11
local stream = require "stream"
local scanner = stream.scanner.new{stream = {read_some = function() error(require('asio_error').misc.eof) end}}
local buf = byte_span.append('consumed|next record\n')
local offset = 10
local buffered_data = buf:sub(offset)
scanner:set_buffer(buf, offset)
print(scanner:get_line() == buffered_data:first(11), scanner:buffered_line())

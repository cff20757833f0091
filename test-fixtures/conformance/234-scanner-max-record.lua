-- records larger than the maximum are an error
local stream = require 'stream'
local generic_error = require 'generic_error'
local pipe = require 'pipe'
local pin, pout = pipe.pair()
stream.write_all(pout, ('x'):rep(100) .. '\nshort\n')
pout:close()
local s = stream.scanner.new{stream = pin, max_record_size = 64, buffer_size_hint = 16}
print((pcall(s.get_line, s)))
pin, pout = pipe.pair()
stream.write_all(pout, ('x'):rep(100) .. '\nshort\n')
pout:close()
s = stream.scanner.new{stream = pin, buffer_size_hint = 16}
print(#s:get_line(), s:get_line())

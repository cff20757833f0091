--
local system = require "system"
local stream = require "stream"
local scanner = stream.scanner.new{ stream = system.in_ }
print(scanner:get_line())

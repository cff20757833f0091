--
local system = require "system"
local stream = require "stream"

stream.write_all(system.out, "Hello World\n")

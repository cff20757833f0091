-- SPDX-License-Identifier: MIT OR BSL-1.0
local stream = require 'stream'
local system = require 'system'

stream.write_all(system.out, 'Hello from Lua\n')

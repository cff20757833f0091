-- --version
-- tags: selfspawn
local system = require 'system'
local fs = require 'filesystem'
local exe = system.arguments[1]
local r, w = require('pipe').pair()
w = w:release()
local p = system.spawn{program = exe:find('/') and fs.path.new(exe) or exe, stdout = w, stderr = w,
    environment = system.environment, arguments = {exe, '--version'}}
w:close()
local buf = byte_span.new(256)
local n = r:read_some(buf)
p:wait()
print(n > 0, p.exit_code)

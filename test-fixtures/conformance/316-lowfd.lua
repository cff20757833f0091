-- inherited fds 3 to 9, consumed once
-- tags: selfspawn
local system = require 'system'
local stream = require 'stream'
local pipe = require 'pipe'
if system.arguments[3] == 'child' then
    local fd = system.get_lowfd(4)
    stream.write_all(pipe.write_stream.new(fd), table.concat({fd.type, tostring(system.get_lowfd(4)),
        tostring(system.get_lowfd(5))}, ' '))
else
    local r, w = pipe.pair()
    w = w:release()
    local exe = system.arguments[1]
    if exe:find('/') then exe = require('filesystem').path.new(exe) end
    local p = system.spawn{program = exe, stderr = 'share', environment = system.environment,
        arguments = {system.arguments[1], system.arguments[2], '--', 'child'}, extra_fds = {[4] = w}}
    w:close()
    local buf = byte_span.new(100)
    print(buf:first(r:read_some(buf)))
    p:wait()
    print(p.exit_code)
end

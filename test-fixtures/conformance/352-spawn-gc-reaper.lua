-- collected handles are signalled and reaped
local system = require 'system'
local fs = require 'filesystem'
local time = require 'time'
local pid
do
    local p = system.spawn{program = 'sleep', arguments = {'sleep', '30'}}
    pid = p.pid
end
print(fs.exists(fs.path.new('/proc/' .. pid)))
local gone = false
for i = 1, 400 do
    collectgarbage('collect')
    time.sleep(0.02)
    gone = not fs.exists(fs.path.new('/proc/' .. pid))
    if gone then break end
end
print(gone)

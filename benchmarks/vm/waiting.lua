-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Starts as many VMs as asked for, which wait for a message, says so and stays, for its memory to be read from outside.
local inbox = require('inbox')
local count = tonumber(require('system').environment.BENCHMARK_PARKED)

local channels = {}
for i = 1, count do
    channels[i] = spawn_vm('./actors/waiting')
    channels[i]:send(inbox)
    inbox:receive()
end
collectgarbage()
collectgarbage()
print('parked ' .. count)
require('time').sleep(1000)

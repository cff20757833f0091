-- SPDX-License-Identifier: MIT OR BSL-1.0
-- CPU of a message to one of as many VMs as asked for and back, each in its turn.
local inbox = require('inbox')
local cpu = require('measure').cpu
local count = tonumber(require('system').environment.BENCHMARK_PARKED)
local passes = math.max(1, math.floor(20000 / count))

local channels = {}
for i = 1, count do
    channels[i] = spawn_vm('./actors/answering')
    channels[i]:send(inbox)
    inbox:receive()
end
local seconds = cpu(function()
    for _ = 1, passes do
        for i = 1, count do
            channels[i]:send(true)
            inbox:receive()
        end
    end
end)
print(string.format('round_trip %.1f ns', seconds * 1e9 / (count * passes)))

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Computes what it is asked for.
local inbox = require('inbox')
local to = inbox:receive()
while true do
    local x = inbox:receive() + 1
    for _ = 1, 100000 do
        x = x * 16807 % 2147483647
    end
    to:send(x)
end

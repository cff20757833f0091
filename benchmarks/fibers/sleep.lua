-- SPDX-License-Identifier: MIT OR BSL-1.0
local rate = require('measure').rate
local sleep = require('time').sleep

rate('sleep_0', function(n)
    for _ = 1, n do
        sleep(0)
    end
end)

-- SPDX-License-Identifier: MIT OR BSL-1.0
local now = require('time').steady_clock.now
local environment = require('system').environment

local least = tonumber(environment.BENCHMARK_SECONDS) or 0.5

-- Calls body(n), which performs n operations, with n doubled until that takes long enough.
function rate(name, body)
    local n = 64
    while true do
        local begin = now().seconds_since_epoch
        body(n)
        local elapsed = now().seconds_since_epoch - begin
        if elapsed >= least then
            print(string.format('%s %.0f /s', name, n / elapsed))
            return
        end
        n = n * 2
    end
end

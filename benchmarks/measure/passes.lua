-- SPDX-License-Identifier: MIT OR BSL-1.0
-- For Emilua; its name is a global. Time is that of the clock on the wall, for what other processes and threads do as
-- well.
local clock = require('time').steady_clock
local least = tonumber(require('system').environment.BENCHMARK_SECONDS or '0.5')

-- Measures body(), which is done again and again, as milliseconds.
function passes(name, body)
    local begin, n, elapsed = clock.now(), 0, nil
    repeat
        body()
        n = n + 1
        elapsed = clock.now() - begin
    until elapsed >= least
    print(string.format('%s %.2f ms', name, elapsed / n * 1000))
end

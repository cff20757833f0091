-- SPDX-License-Identifier: MIT OR BSL-1.0
local rate = require('measure').rate

local function nothing() end

rate('spawn_join', function(n)
    for _ = 1, n do
        spawn(nothing):join()
    end
end)

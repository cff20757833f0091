-- SPDX-License-Identifier: MIT OR BSL-1.0
local rate = require('measure').rate

local function switches(fibers)
    return function(n)
        local each = n / fibers
        local running = {}
        for i = 1, fibers do
            running[i] = spawn(function()
                for _ = 1, each do
                    this_fiber.yield()
                end
            end)
        end
        for i = 1, fibers do
            running[i]:join()
        end
    end
end

rate('yield_2', switches(2))
rate('yield_100', switches(100))

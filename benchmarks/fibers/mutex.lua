-- SPDX-License-Identifier: MIT OR BSL-1.0
local rate = require('measure').rate
local mutex = require('mutex')

rate('mutex', function(n)
    local m = mutex.new()
    for _ = 1, n do
        m:lock()
        m:unlock()
    end
end)

-- Each owner suspends while it holds the lock, so that the other three always queue for it.
rate('mutex_contended', function(n)
    local m = mutex.new()
    local fibers = {}
    for i = 1, 4 do
        fibers[i] = spawn(function()
            for _ = 1, n / 4 do
                m:lock()
                this_fiber.yield()
                m:unlock()
            end
        end)
    end
    for i = 1, 4 do
        fibers[i]:join()
    end
end)

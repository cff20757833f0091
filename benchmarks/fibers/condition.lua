-- SPDX-License-Identifier: MIT OR BSL-1.0
local rate = require('measure').rate
local mutex = require('mutex')
local condition_variable = require('condition_variable')

-- Two fibers hand a turn to and fro; a round trip is one turn of each.
rate('condition', function(n)
    local m = mutex.new()
    local changed = {condition_variable.new(), condition_variable.new()}
    local turn = 1

    local function player(me, other)
        return spawn(function()
            m:lock()
            for _ = 1, n do
                while turn ~= me do
                    changed[me]:wait(m)
                end
                turn = other
                changed[other]:notify_one()
            end
            m:unlock()
        end)
    end

    local first, second = player(1, 2), player(2, 1)
    first:join()
    second:join()
end)

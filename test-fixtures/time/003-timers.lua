-- SPDX-License-Identifier: MIT OR BSL-1.0
-- A timer and those who wait for it: changing it ends the waits, cancelling one
-- of its fibers does not; and they wake in the order of their times.
local time = require 'time'
local generic_error = require 'generic_error'
local aborted = require('asio_error').basic.operation_aborted

local function code(...)
    local ok, e = pcall(...)
    return ok, not ok and e:togeneric() == generic_error.EINVAL, not ok and e.arg
end

for _, kind in ipairs { 'steady', 'system' } do
    local clock, timer = time[kind .. '_clock'], time[kind .. '_timer']
    local t = timer.new()
    print(kind, t.expiry == clock.epoch())
    t:wait()

    local function wait()
        return spawn(function ()
            local ok, e = pcall(t.wait, t)
            return ok, e == aborted
        end)
    end

    print(t:expires_at(clock.now() + math.huge))
    local a, b, c = wait(), wait(), spawn(function () t:wait() end)
    this_fiber.yield()
    c:cancel()
    c:join()
    print(c.cancellation_caught, t:expires_at(clock.now() + 60))
    print(a:join())
    print(b:join())

    -- Expired waits do not keep other fibers from running.
    t:expires_at(clock.now() - 1)
    local turns = 0
    local other = spawn(function () turns = turns + 1 end)
    for _ = 1, 1000 do t:wait() end
    print(turns)
    other:join()

    print(code(t.expires_at, t, (kind == 'steady' and time.system_clock or time.steady_clock).now()))
    print(code(t.expires_at, t, 1))
    print(code(t.expires_at, t))
    print(code(t.wait))
end

-- Fibers wake in the order of their times, not of their waits.
local base, order, sleepers = time.steady_clock.now(), {}, {}
for _, n in ipairs { 3, 1, 2 } do
    sleepers[#sleepers + 1] = spawn(function ()
        local t = time.steady_timer.new()
        t:expires_at(base + 0.3 + n / 50)
        t:wait()
        order[#order + 1] = n
    end)
end
for _, f in ipairs(sleepers) do f:join() end
print(table.concat(order, ' '))

local t = time.steady_timer.new()
print(code(t.expires_after, t, 0 / 0))
print(t:expires_after(math.huge), t.expiry > time.steady_clock.now())
print(t:expires_after(-math.huge), t.expiry < time.steady_clock.epoch())
t:wait()
print(pcall(function () t.expiry = time.steady_clock.now() end))

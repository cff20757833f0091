-- SPDX-License-Identifier: MIT OR BSL-1.0
-- A sleep that is over at once still gives everything else a turn; one that
-- never ends can be cancelled; and fibers wake in the order of their times.
local time = require 'time'
local generic_error = require 'generic_error'

for _, secs in ipairs { 0, -1, -math.huge, 1e-10 } do
    local other = false
    local f = spawn(function () other = true end)
    time.sleep(secs)
    print(other)
    f:join()
end

local order = {}
local sleepers = {}
for _, n in ipairs { 3, 1, 2 } do
    sleepers[#sleepers + 1] = spawn(function ()
        time.sleep(n / 50)
        order[#order + 1] = n
    end)
end
for _, f in ipairs(sleepers) do f:join() end
print(table.concat(order, ' '))

for _, secs in ipairs { math.huge, 1e300, 1e9 } do
    local f = spawn(function () time.sleep(secs) end)
    this_fiber.yield()
    f:cancel()
    f:join()
    print(f.cancellation_caught)
end

local function code(...)
    local ok, e = pcall(...)
    return ok, not ok and e:togeneric() == generic_error.EINVAL, not ok and e.arg
end
print(code(time.sleep, 0 / 0))
print(code(time.sleep, 'soon'))
print(code(time.sleep))

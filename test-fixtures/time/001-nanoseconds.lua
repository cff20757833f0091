-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Time points are exact to the nanosecond; seconds are rounded to it, halves to
-- even; what does not fit stops at the end.
local time = require 'time'

for _, name in ipairs { 'steady_clock', 'system_clock' } do
    local clock = time[name]
    local epoch = clock.epoch()
    local function ticks(secs)
        local n = (epoch + secs) - epoch
        return ('%.0f'):format(n * 1e9)
    end
    print(name, ticks(1.5e-9), ticks(2.5e-9), ticks(3.5e-9), ticks(-1.5e-9), ticks(0.4e-9), ticks(-0.5e-9))

    -- One tick is seen even where a number of seconds no longer shows it.
    local far = epoch + 4e9
    print(far + 1e-9 > far, far + 1e-9 == far, (far + 1e-9) - far == 1e-9)

    local last, first = epoch + math.huge, epoch - math.huge
    print(last + 1 == last, first - 1 == first, first < epoch and epoch < last)
    print(last - first == last - epoch, (last - epoch) > 9.2e9)

    local changed = clock.epoch()
    print(changed:add(1.25), changed:sub(0.25), changed.seconds_since_epoch)
    print(changed <= epoch + 1, changed >= epoch + 1, changed ~= epoch)
end

-- The clocks of two kinds have nothing to do with each other.
local steady, system = time.steady_clock.epoch(), time.system_clock.epoch()
print(steady == system)
print(pcall(function () return steady < system end) == false)
print(pcall(function () return steady - system end) == false)
print(pcall(function () return steady + steady end) == false)

-- A steady clock never goes back.
local now = time.steady_clock.now
local before, backwards = now(), 0
for _ = 1, 1e5 do
    local t = now()
    if t < before then backwards = backwards + 1 end
    before = t
end
print(backwards)

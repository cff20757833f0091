-- SPDX-License-Identifier: MIT OR BSL-1.0
-- A clock to measure with: it never goes back if it says so, and its instants
-- are those of no other clock.
local time = require 'time'
local clock = time.high_resolution_clock

print(clock.is_steady, clock.epoch().seconds_since_epoch)

local a, b = clock.epoch(), clock.epoch() + 1e-9
print(b - a == 1e-9, a - b == -1e-9, b - 1e-9 == a)
print(a == clock.epoch(), a == b, a < b, b < a, a <= b, b <= a, a <= clock.epoch())

local changed = clock.epoch()
print(changed:add(1.25), changed:sub(0.25), changed.seconds_since_epoch)

for _, name in ipairs { 'steady_clock', 'system_clock' } do
    local other = time[name].epoch()
    print(name, a == other,
        (pcall(function () return a < other end)),
        (pcall(function () return a <= other end)),
        (pcall(function () return a - other end)))
end

-- An instant of it means nothing to a timer of another clock.
print((pcall(time.steady_timer.new().expires_at, time.steady_timer.new(), clock.now())))

local now = clock.now
local first = now()
local last, backwards, moved = first, 0, 0
for _ = 1, 1e5 do
    local t = now()
    if t < last then backwards = backwards + 1 end
    if t > last then moved = moved + 1 end
    last = t
end
-- It ticks far more finely than the milliseconds of a coarse clock.
print(backwards, moved > 1000, last - first > 0)

-- What it measures includes what a steady clock measures in between.
local begun, inside = now(), time.steady_clock.now()
time.sleep(0.01)
local slept = time.steady_clock.now() - inside
print(now() - begun >= slept, slept >= 0.01)

--
local time = require 'time'
for _, name in ipairs{'steady_clock', 'system_clock'} do
    local clock = time[name]
    local a = clock.epoch()
    print(name, a.seconds_since_epoch)
    local b = a + 1.5
    print(b - a, (b - 0.5) - a, a == clock.epoch(), a < b, a <= b, b < a)
    a:add(2)
    print(a.seconds_since_epoch, a > b)
    a:sub(0.5)
    print(a == b)
    local n = clock.now()
    print(n > clock.epoch())
end
local h = time.high_resolution_clock
print(type(h.is_steady), h.epoch().seconds_since_epoch, h.now() - h.now() <= 0)

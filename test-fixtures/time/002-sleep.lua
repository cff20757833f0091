-- SPDX-License-Identifier: MIT OR BSL-1.0
-- A sleep that is over at once still gives everything else a turn; one that
-- never ends can be canceled.
local time = require 'time'
local generic_error = require 'generic_error'

for _, secs in ipairs { 0, -0.0, 1e-10 } do
    local other = false
    local f = spawn(function () other = true end)
    time.sleep(secs)
    print(other)
    f:join()
end

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
for _, secs in ipairs { -1, -1e-300, -math.huge } do print(code(time.sleep, secs)) end
print(code(time.sleep, 0 / 0))
print(code(time.sleep, 'soon'))
print(code(time.sleep))

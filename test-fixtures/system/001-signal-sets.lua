-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What a set hears, and what it keeps.
local system = require 'system'
local signal = system.signal
local generic_error = require 'generic_error'

local function code(...)
    local ok, e = pcall(...)
    if ok then return 'no error' end
    for _, name in ipairs { 'EINVAL', 'EBUSY' } do
        if e:togeneric() == generic_error[name] then return name .. ' ' .. tostring(e.arg) end
    end
    return tostring(e)
end

-- Signals arrive in order: once the fence has heard of its own, so has everybody
-- of those before.
local fence = signal.set.new(signal.SIGURG)
local function raise(...)
    for _, s in ipairs { ... } do signal.raise(s) end
    signal.raise(signal.SIGURG)
    fence:wait()
end

local set, other = signal.set.new(signal.SIGUSR1, signal.SIGUSR2), signal.set.new()
other:add(signal.SIGUSR1)
other:add(signal.SIGUSR1)
raise(signal.SIGUSR2, signal.SIGUSR1)
raise(signal.SIGUSR1)
print(set:wait() == signal.SIGUSR1, set:wait() == signal.SIGUSR1, set:wait() == signal.SIGUSR2)
print(other:wait() == signal.SIGUSR1, other:wait() == signal.SIGUSR1)

-- A canceled wait takes no notification with it.
local f = spawn(function () set:wait() end)
this_fiber.yield()
f:cancel()
f:join()
raise(signal.SIGUSR2)
print(f.cancellation_caught, set:wait() == signal.SIGUSR2)

raise(signal.SIGUSR1, signal.SIGUSR2)
set:clear()
set:add(signal.SIGHUP)
raise(signal.SIGHUP)
print(set:wait() == signal.SIGHUP)

print(code(signal.ignore, signal.SIGHUP), code(signal.default, signal.SIGHUP))
set:remove(signal.SIGHUP)
print(code(signal.ignore, signal.SIGHUP))
signal.raise(signal.SIGHUP)
print(code(signal.default, signal.SIGHUP))

for _, s in ipairs { signal.SIGKILL, signal.SIGSTOP, 0, -1, 65, 1.5 } do
    print(code(signal.set.new, s), code(set.add, set, s), code(signal.ignore, s), code(signal.default, s))
end
print(code(signal.set.new, signal.SIGHUP, 'SIGHUP'), code(set.add, set), code(signal.raise, 0), code(signal.raise, 999))

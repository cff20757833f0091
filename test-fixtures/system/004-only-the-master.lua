-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What belongs to the process, only its master VM changes.
local system = require 'system'
local signal = system.signal

if _CONTEXT == 'main' then
    spawn_vm('.')
else
    local own = system.out:dup()
    local function refused(...)
        local ok, e = pcall(...)
        return not ok and tostring(e)
    end
    print(refused(signal.set.new, signal.SIGUSR1))
    print(refused(signal.ignore, signal.SIGUSR1))
    print(refused(signal.default, signal.SIGUSR1))
    print(refused(system.out.dup_from, system.out, own))
    signal.raise(signal.SIGURG)
    print(system.out:isatty())
end

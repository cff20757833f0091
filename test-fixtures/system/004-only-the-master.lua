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
    local caps = system.cap_init()
    print(refused(caps.set_proc, caps) == refused(system.set_no_new_privs),
        refused(system.cap_drop_bound, 'cap_kill') == refused(system.cap_set_ambient, 'cap_kill', false),
        refused(system.cap_reset_ambient) == refused(system.cap_set_secbits, 0),
        refused(system.seccomp_set_mode_filter, byte_span.new(8)) == refused(system.landlock_restrict_self, own),
        refused(system.set_no_new_privs))
    signal.raise(signal.SIGURG)
    print(system.out:isatty())
end

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Options that do not exist, that other systems have, and whose part at fault is named.
local system = require 'system'
local filesystem = require 'filesystem'
local path = filesystem.path.new

local function refused(opts)
    opts.program = opts.program or 'sh'
    local ok, e = pcall(system.spawn, opts)
    print(not ok and tostring(e), not ok and tostring(e.category), not ok and e.path)
end

local ok, e = pcall(system.spawn, { program = 'sh', timeot = 1 })
print(tostring(e):sub(1, 60), e.path)
for _, name in ipairs {
    'pd_daemon', 'show_window', 'create_breakaway_from_job', 'create_new_console', 'create_no_window', 'detached_process'
} do refused { [name] = true } end
print(pcall(system.jail_get, {}))

local fd = filesystem.open(path '/dev/null', { 'read_only' })
refused { extra_fds = { [2] = fd } }
refused { extra_fds = { [10] = fd } }
refused { extra_fds = { fd } }
refused { extra_fds = { [3.5] = fd } }
refused { extra_fds = { [3] = 7 } }
refused { environment = { A = '\0pid', B = '\0pid' } }
refused { environment = { A = 1 } }
refused { environment = { [''] = '' } }
refused { environment = { 'A=1' } }
refused { environment = { BIG = ('x'):rep(200000) } }
refused { scheduler = { polcy = 'idle' } }
refused { scheduler = { policy = 'fifo', priority = 100 } }
refused { program = 'no-such-program' }
refused { working_directory = path '/nowhere' }
refused { umask = 512 }
refused { process_group = -1 }

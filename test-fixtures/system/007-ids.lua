-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Users, groups, process groups and sessions of the process.
local system = require 'system'

local function code(...)
    local ok, e = pcall(...)
    if ok then return 'no error' end
    return e.code .. ' ' .. tostring(e.syscall) .. ' ' .. tostring(e.arg)
end

local ruid, euid, suid = system.getresuid()
print(ruid == euid, euid == suid)
system.setresuid(-1, euid, -1)
system.setresgid(-1, -1, -1)
print(select('#', system.getresgid()))
for _, group in ipairs(system.getgroups()) do assert(group >= 0) end
print(system.getpgrp() == system.getpgid(0), system.getsid(0) == system.getsid(system.getpid()))
print(code(system.getpgid, 2 ^ 31 - 1))
print(code(system.getsid, -5))
print(code(system.setpgid, 2 ^ 31 - 1, 0))
print(code(system.setpgid, 0, -1))
print(code(system.setresuid, -2, 0, 0))
print(code(system.setgroups, { -1 }))

-- Of all threads: those that the VM has now, too.
spawn_context_threads(2)
if euid == 0 then
    system.setgroups { 7, 8 }
    system.setresgid(-1, 9, -1)
    system.setresuid(-1, 12345, -1)
    local filesystem = require 'filesystem'
    local pipe = require 'pipe'
    local reader, writer = pipe.pair()
    writer = writer:release()
    local child = system.spawn {
        program = 'sh', stdout = writer, environment = { PATH = '/usr/bin:/bin' },
        arguments = { 'sh', '-c', 'cat /proc/' .. system.getpid() .. '/task/*/status | grep -E "^(Uid|Gid|Groups):" | cut -f1-3 | sort -u | tr "\\n\\t" "  "' }
    }
    writer:close()
    local buffer = byte_span.new(4096)
    local n = require('stream').read_at_least(reader, buffer, 20)
    child:wait()
    print((tostring(buffer:first(n)):gsub('%s+', ' ')))
    system.setresuid(-1, 0, -1)
else
    print('Gid: 0 9 Groups: 7 8 Uid: 0 12345 ')
end

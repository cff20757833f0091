-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_TEST_EMPTY=
-- env: EMILUA_TEST_EQUALS=a=b
-- Numbers of processes, and signals sent by number.
local system = require 'system'
local signal = system.signal
local generic_error = require 'generic_error'

local env = system.environment
print(env.EMILUA_TEST_EMPTY == '', env.EMILUA_TEST_EQUALS)

local pid = system.getpid()
print(pid > 0, pid == system.getpid(), system.getppid() ~= pid)
system.kill(pid, 0)
system.kill(pid, signal.SIGURG)
system.kill(pid, signal.SIGPIPE)

local function code(...)
    local ok, e = pcall(...)
    for _, name in ipairs { 'EINVAL', 'ESRCH' } do
        if e:togeneric() == generic_error[name] then return name .. ' ' .. tostring(e.arg) end
    end
    return tostring(e)
end
print(code(system.kill, pid, 999))
print(code(system.kill, 2 ^ 31 - 1, 0))
print(code(system.kill, 2 ^ 31, 0))
print(code(system.kill, pid))

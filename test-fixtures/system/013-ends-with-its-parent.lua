-- SPDX-License-Identifier: MIT OR BSL-1.0
-- pdeathsig: the child hears of the end of the process that spawned it, and only then.
local system = require 'system'
local filesystem = require 'filesystem'
local pipe = require 'pipe'

if system.arguments[3] == 'parent' then
    local reader, writer = pipe.pair()
    writer = writer:release()
    local child = system.spawn {
        program = 'sh',
        arguments = { 'sh', '-c', 'trap "echo heard; exit" USR1; echo ready >&2; while :; do sleep 0.01; done' },
        environment = { PATH = '/usr/bin:/bin' }, stdout = 'share', stderr = writer,
        pdeathsig = system.signal.SIGUSR1
    }
    writer:close()
    reader:read_some(byte_span.new(10))
    system.kill(system.getpid(), system.signal.SIGKILL)
    child:wait()
end

local reader, writer = pipe.pair()
writer = writer:release()
local exe = system.arguments[1]
local parent = system.spawn {
    program = exe:find '/' and filesystem.path.new(exe) or exe,
    arguments = { exe, system.arguments[2], '--', 'parent' },
    environment = system.environment, stdout = writer, stderr = 'share'
}
writer:close()
local buffer = byte_span.new(100)
local n = reader:read_some(buffer)
print((tostring(buffer:first(n)):gsub('\n', '')))
parent:wait()
print(parent.exit_signal)

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- pdeathsig: the child hears of the end of the process that spawned it, and only then.
local system = require 'system'
local pipe = require 'pipe'
local children = require './m_child'

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

local text, _, signal = children.ask(nil, children.again 'parent')
print(text)
print(signal)

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- A shell that others wrote, under a terminal of its own, stops, resumes and ends its jobs; and a shell of ours puts
-- its jobs into the foreground.
local system = require 'system'
local filesystem = require 'filesystem'
local pipe = require 'pipe'
local serial_port = require 'serial_port'
local stream = require 'stream'
local children = require './m_child'
local all = children.all

local function bash()
    local terminal, slave = serial_port.ptypair()
    local child = system.spawn {
        program = 'bash', arguments = { 'bash', '--norc', '--noprofile', '-i' },
        environment = { PATH = '/usr/bin:/bin', PS1 = '$ ', TERM = 'dumb' },
        stdin = slave, stdout = slave, stderr = slave, start_new_session = true, set_ctty = slave
    }
    slave:close()
    local screen, buffer = '', byte_span.new(1024)
    local function sees(what)
        while not screen:find(what) do screen = screen .. tostring(buffer:first(terminal:read_some(buffer))) end
        screen = screen:sub(select(2, screen:find(what)) + 1)
    end
    local function type(what) stream.write_all(terminal, what) end
    sees '%$ '
    -- What is typed is seen, too, and so is not what is waited for.
    -- A job that forks could be stopped between vfork and exec, which nobody sees.
    local job = 'bash -c \'exec 9<> <(:); trap "echo resu""med" CONT; echo be"gun"; while :; do read -t 1 -u 9; done\'\n'
    type(job)
    sees 'begun'
    type '\26'
    sees '%[1%]%+ +Stopped'
    type 'fg\n'
    sees 'resumed'
    type '\3'
    sees '%$ '
    type 'echo status $?\n'
    sees 'status 130'
    type(job)
    sees 'begun'
    type '\26'
    sees '%[1%]%+ +Stopped'
    type 'bg\n'
    sees 'resumed'
    type 'jobs\n'
    sees '%[1%]%+ +Running'
    type 'kill %1; wait %1; echo status $?; exit 7\n'
    sees 'status 143'
    child:wait()
    print(child.exit_code)
end

-- In a session of its own.
local function our_shell()
    system.signal.ignore(system.signal.SIGTTOU)
    for _, terminal in ipairs { 'stdin', system.in_:dup() } do
        local reader, writer = pipe.pair()
        writer = writer:release()
        local job = system.spawn {
            program = 'sh', arguments = { 'sh', '-c', 'ps -o stat= -p $$; kill -STOP $$; echo resumed' },
            environment = { PATH = '/usr/bin:/bin' },
            stdin = 'share', stdout = writer, process_group = 0, foreground = terminal
        }
        writer:close()
        local buffer = byte_span.new(100)
        print(tostring(buffer:first(reader:read_some(buffer))):find('+', 1, true) ~= nil, system.getpgid(job.pid) == job.pid)
        while not all(require('file').stream.new(
            filesystem.open(filesystem.path.new('/proc/' .. job.pid .. '/stat'), { 'read_only' }))):find('%) T ') do
            this_fiber.yield()
        end
        job:kill(system.signal.SIGCONT)
        print(all(reader))
        job:wait()
    end
end

if system.arguments[3] == 'shell' then return our_shell() end
bash()
local terminal, slave = serial_port.ptypair()
local reader, writer = pipe.pair()
writer = writer:release()
local child = system.spawn(children.again('shell', {
    stdin = slave, stdout = writer, start_new_session = true, set_ctty = slave
}))
slave:close()
writer:close()
print(all(reader))
child:wait()
print(child.exit_code)

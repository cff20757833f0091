-- SPDX-License-Identifier: MIT OR BSL-1.0
-- needs: root userns
-- Each option of spawn, as the child sees it: ids, groups, scheduler, namespaces, descriptors, terminal, and the file that
-- runs.
local system = require 'system'
local filesystem = require 'filesystem'
local pipe = require 'pipe'
local serial_port = require 'serial_port'
local children = require './m_child'
local path = filesystem.path.new

local function ask(...) return (children.ask(...)) end
-- Without a shell, which would set ids that differ back.
local function status(opts, ...)
    opts.program = opts.program or path '/bin/grep'
    opts.arguments = { 'grep', '-E', '^(' .. table.concat({ ... }, '|') .. '):', '/proc/self/status' }
    return (ask(nil, opts):gsub('%s+', ' '))
end

print(status({ ruid = 12345, euid = 12346, rgid = 23456, egid = 23457, extra_groups = { 34567, 45678 } }, 'Uid', 'Gid', 'Groups'))
print(status({ ruid = -1, euid = 12346, rgid = 23456, egid = -1, extra_groups = {} }, 'Uid', 'Gid', 'Groups'))
print(status({ euid = 4294967294, egid = 4294967294 }, 'Uid', 'Gid'))
-- Nobody but the child has changed.
print(table.concat({ system.getresuid() }, ' '), table.concat({ system.getresgid() }, ' '))
-- Of a program that is a descriptor as well.
local grep = filesystem.open(path '/bin/grep', { 'read_only' })
print(status({ program = grep, ruid = 12345, euid = 12345, set_no_new_privs = true }, 'Uid', 'NoNewPrivs', 'CapEff'))

for _, policy in ipairs { 'other', 'batch', 'idle' } do
    print(ask('chrt -p $$ | head -1 | sed "s/.*: //"', { scheduler = { policy = policy, reset_on_fork = policy == 'batch' } }))
end
for _, policy in ipairs { 'fifo', 'rr' } do
    print((ask('chrt -p $$ | sed "s/.*: //"', { scheduler = { policy = policy, priority = 7 } }):gsub('\n', ' ')))
end

-- Signals: none blocked, none ignored, none handled, whatever is so here.
system.signal.ignore(system.signal.SIGUSR2)
local heard = system.signal.set.new(system.signal.SIGUSR1)
print(status({}, 'SigBlk', 'SigIgn'))
heard:clear()
system.signal.default(system.signal.SIGUSR2)

-- The namespaces of another process, whose own they are.
local reader, writer = pipe.pair()
writer = writer:release()
local holder = system.spawn {
    program = 'unshare', arguments = { 'unshare', '-Urmuin', 'sh', '-c', 'echo ready; exec sleep 1000' },
    environment = children.environment, stdout = writer, signal_on_gcreaper = system.signal.SIGKILL
}
writer:close()
reader:read_some(byte_span.new(10))
local names = { user = 'user', mnt = 'mount', uts = 'uts', ipc = 'ipc', net = 'net' }
local opts = {}
for name, option in pairs(names) do
    opts['setns_' .. option] = filesystem.open(path('/proc/' .. holder.pid .. '/ns/' .. name), { 'read_only' })
end
local inside = ask('cd /proc/self/ns && readlink user mnt uts ipc net; id -u', opts)
local there = ask('cd /proc/' .. holder.pid .. '/ns && readlink user mnt uts ipc net; echo 0')
local here = ask('cd /proc/self/ns && readlink user mnt uts ipc net; id -u')
print(inside == there, inside ~= here)
print(ask('readlink /proc/self/ns/uts', { setns_uts = opts.setns_uts }) == there:match 'uts:%S+', 'and only that',
    ask('readlink /proc/self/ns/net', { setns_uts = opts.setns_uts }) == here:match 'net:%S+')
holder:kill(system.signal.SIGKILL)
holder:wait()

-- Descriptors by other numbers: each file by each number, all seven at once, and the same file by all of them.
local files, marks = {}, 'cd /proc/self/fd && for n in 3 4 5 6 7 8 9; do test -e $n && readlink $n; done'
for i = 3, 9 do files[i] = filesystem.open(path('/proc/self/ns/' .. ({ 'user', 'mnt', 'uts', 'ipc', 'net', 'pid', 'cgroup' })[i - 2]), { 'read_only' }) end
local names = {}
for name in ask(marks, { extra_fds = files }):gmatch '%S+' do names[#names + 1] = name end
assert(#names == 7)
for turn = 1, 6 do
    local fds, wanted = {}, {}
    for i = 0, 6 do
        local file = (i + turn) % 7
        fds[i + 3], wanted[i + 1] = files[file + 3], names[file + 1]
    end
    assert(ask(marks, { extra_fds = fds }) == table.concat(wanted, '\n'), turn)
end
local same = {}
for i = 3, 9 do same[i] = files[3] end
print(select(2, ask(marks, { extra_fds = same }):gsub('user:', '')))
print(ask('ls /proc/self/fd | tr "\\n" " "', { extra_fds = { [5] = files[3], [9] = files[4] } }))

local terminal, slave = serial_port.ptypair()
print(ask('ps -o tty=,tpgid=,pgid= -p $$ | awk \'{ print ($1 != "?"), ($2 == $3) }\'', {
    stdin = slave, start_new_session = true, set_ctty = slave
}))
print(ask('ps -o tty= -p $$', { start_new_session = true }))

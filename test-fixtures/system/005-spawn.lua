-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What a child is given is what it sees, and what cannot be is refused before it is there.
local system = require 'system'
local filesystem = require 'filesystem'
local pipe = require 'pipe'
local children = require './m_child'
local path = filesystem.path.new

local function ask(...) return (children.ask(...)) end

print(ask('ls /proc/self/fd | tr "\\n" " "'))
print(ask('read x || echo nothing to read'))
print(ask('read x || echo nothing there', { stdin = 'ignore' }))
print(ask('echo lost >&2 || echo nobody listens'))
print(ask('umask; cd /; pwd', { umask = filesystem.mode(0, 2, 7) }))
print(ask('pwd', { working_directory = path('/usr') }))
print(ask('grep -E "^(NoNewPrivs|Seccomp|SigBlk|SigIgn):" /proc/self/status | tr "\\n\\t" "  "',
    { set_no_new_privs = true }))
print(ask('test "$(cut -d" " -f6 /proc/self/stat)" = $$ && echo leads a session', { start_new_session = true }))
print(ask('test "$(cut -d" " -f5 /proc/self/stat)" = $$ && echo leads a group', { process_group = 0 }))
print(ask('echo $A$B; test $C = $$ && echo its number',
    { environment = { A = '1', B = '2', C = '\0pid', PATH = '/bin' } }))
print(ask(nil, { arguments = { 'echo', 'a b', '', '*' }, program = path('/bin/echo') }))

local scheduler = { policy = 'idle', reset_on_fork = true }
print(ask('chrt -p 0 2>/dev/null | head -1 | grep -c IDLE', { scheduler = scheduler }))

-- A script without a first line is the shell's, as execvp(3) has it: found by a name with a slash.
local folder = filesystem.temp_directory_path() / ('emilua-spawn-' .. system.getpid())
filesystem.create_directory(folder)
local script = folder / 'script'
local file = filesystem.open(script, { 'write_only', 'create' }, filesystem.mode(7, 0, 0))
file:close()
local child = system.spawn { program = tostring(script), arguments = { 'script' } }
child:wait()
print(child.exit_code)
local function code(...)
    local ok, e = pcall(...)
    if ok then return 'no error' end
    local names = { [1] = 'EPERM', [2] = 'ENOENT', [8] = 'ENOEXEC', [9] = 'EBADF', [13] = 'EACCES', [20] = 'ENOTDIR', [22] = 'EINVAL', [25] = 'ENOTTY' }
    return (names[e.code] or tostring(e)) .. ' ' .. tostring(e.syscall) .. ' ' .. tostring(e.arg) .. ' ' .. (tostring(e.path):gsub("^.*/script$", "script"))
end
print(code(system.spawn, { program = script }))
filesystem.chmod(script, 0)
filesystem.remove_all(folder)

print(code(system.spawn, { program = 'no-such-program' }))
print(code(system.spawn, { program = path('/nowhere') }))
print(code(system.spawn, { program = path('/etc') }))
print(code(system.spawn, { program = 'sh', working_directory = path('/etc/passwd') }))
print(code(system.spawn, { program = 'sh', working_directory = path('') }))
print(code(system.spawn, { program = 'sh', signal_on_gcreaper = 65 }))
print(code(system.spawn, { program = 'sh', environment = { ['A=B'] = '' } }))
print(code(system.spawn, { program = 'sh', environment = { A = 'B\0' } }))
print(code(system.spawn, { program = 'sh', seccomp_set_mode_filter = byte_span.new(7) }))
print(code(system.spawn, { program = 'sh', start_new_session = true, process_group = 0 }))
print(code(system.spawn, { program = 'sh', process_group = 0, foreground = 'stdin' }))
print(code(system.spawn, { program = 'sh', scheduler = { priority = 1 } }))
print(code(system.spawn, { program = 'sh', scheduler = { policy = 'rr' } }))
local reader, writer = pipe.pair()
local closed = reader:release()
closed:close()
print(code(system.spawn, { program = 'sh', stdin = closed }))
print(code(system.spawn, { program = 'sh', extra_fds = { [3] = closed } }))
local end_ = writer:release()
print(code(system.spawn, { program = 'sh', process_group = 0, foreground = end_ }))
print(code(system.spawn, { program = 'sh', start_new_session = true, set_ctty = end_ }))
print(code(system.spawn, { program = 'sh', setns_net = end_ }))
local _, e = pcall(system.spawn, { program = 'sh', foreground = end_ })
print(e)

-- Nothing of all that is left.
local n = 0
for entry in filesystem.directory_iterator(path('/proc/self/fd')) do n = n + 1 end
local again = 0
for i = 1, 20 do
    ask('exit 0')
    pcall(system.spawn, { program = 'no-such-program', stdin = 'ignore' })
end
collectgarbage()
for entry in filesystem.directory_iterator(path('/proc/self/fd')) do again = again + 1 end
print(again <= n)
-- Which file, in words and as a field.
for _, options in ipairs{ { program = 'no-such-program' }, { program = path('/nowhere') }, { program = 'sh', working_directory = path('/nowhere') } } do
    local _, e = pcall(system.spawn, options)
    print(e.message, e.path)
end

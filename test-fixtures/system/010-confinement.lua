-- SPDX-License-Identifier: MIT OR BSL-1.0
-- needs: landlock
-- Rights given up for good: no_new_privs, filters of system calls and rulesets of Landlock, for the process, all its
-- threads, and for children alone.
local system = require 'system'
local filesystem = require 'filesystem'
local children = require './m_child'
local path = filesystem.path.new
local ask, threads = children.ask, children.threads

local function code(...)
    local ok, e = pcall(...)
    if ok then return 'no error' end
    local names = { [1] = 'EPERM', [2] = 'ENOENT', [9] = 'EBADF', [13] = 'EACCES', [22] = 'EINVAL', [38] = 'ENOSYS', [42] = 'ENOMSG', [77] = 'EBADFD' }
    return (names[e.code] or tostring(e)) .. ' ' .. tostring(e.syscall) .. ' ' .. tostring(e.arg)
end

-- The program again, as a child that gives up what `part` says.
local function again(part) return ask(nil, children.again(part)) end

local parts = {}

function parts.privileges()
    spawn_context_threads(2)
    print(threads('NoNewPrivs'))
    system.set_no_new_privs()
    print(threads('NoNewPrivs'))
end

function parts.filter()
    spawn_context_threads(2)
    system.set_no_new_privs()
    system.seccomp_set_mode_filter(system.seccomp.filter {
        default = 'allow', errno = { 'mkdir', 'mkdirat' }, code = 38
    })
    print(code(filesystem.create_directory, path('/tmp/emilua-never')))
    print(threads('Seccomp'))
    print((ask('mkdir /tmp/emilua-never 2>/dev/null || echo nor its children')))
end

function parts.ruleset()
    spawn_context_threads(2)
    local rules = system.landlock_create_ruleset {
        handled_access_fs = { 'read_file', 'write_file', 'make_reg', 'remove_file' }
    }
    local usr = filesystem.open(path('/usr'), { 'path', 'directory' })
    system.landlock_add_rule(rules, 'path_beneath', { allowed_access = { 'read_file' }, parent_fd = usr })
    print(code(system.landlock_add_rule, rules, 'path_beneath', { allowed_access = { 'execute' }, parent_fd = usr }))
    print(code(system.landlock_add_rule, rules, 'path_beneath', { allowed_access = {}, parent_fd = usr }))
    print(code(system.landlock_add_rule, rules, 'path_beneath', { allowed_access = { 'read_file' } }))
    print(code(system.landlock_add_rule, rules, 'path_beneath', { allowed_access = { 'read_file' }, parent_fd = rules }))
    print(code(system.landlock_add_rule, rules, 'path_beneath', { allowed_access = { 'bind_tcp' }, parent_fd = usr }))
    print(code(system.landlock_add_rule, rules, 'path_beneath', { allowed_access = { 'read_file' }, parent_fd = usr, port = 1 }))
    print(code(system.landlock_add_rule, rules, 'net_port', { allowed_access = { 'bind_tcp' } }))
    print(code(system.landlock_add_rule, usr, 'path_beneath', { allowed_access = { 'read_file' }, parent_fd = usr }))
    print(code(filesystem.open, path('/etc/passwd'), { 'read_only' }))
    system.set_no_new_privs()
    print(code(system.landlock_restrict_self, system.out:dup()))
    system.landlock_restrict_self(rules)
    print(code(filesystem.open, path('/etc/passwd'), { 'read_only' }))
    print(code(filesystem.open, path('/usr/bin/env'), { 'read_only' }))
    -- Whichever thread the fibers of this VM run on.
    local fibers, refused = {}, 0
    for i = 1, 20 do
        fibers[i] = spawn(function()
            this_fiber.yield()
            return pcall(filesystem.open, path('/etc/passwd'), { 'read_only' })
        end)
    end
    for _, f in ipairs(fibers) do
        if not f:join() then refused = refused + 1 end
    end
    print(refused)
end

if parts[system.arguments[3]] then return parts[system.arguments[3]]() end

print(again('privileges'))
print(again('filter'))
print(again('ruleset'))

-- For a child alone.
local nothing = system.seccomp.filter { default = 'errno', code = 38, allow = {
    'execve', 'brk', 'mmap', 'munmap', 'mprotect', 'access', 'openat', 'newfstatat', 'close', 'read', 'pread64', 'write',
    'arch_prctl', 'set_tid_address', 'set_robust_list', 'rseq', 'prlimit64', 'getrandom', 'exit_group', 'fcntl', 'futex',
    'rt_sigaction', 'rt_sigprocmask', 'getuid', 'geteuid', 'getgid', 'getegid', 'getpid', 'getppid', 'uname', 'getcwd',
} }
print(ask('echo on its own; mkdir /tmp/emilua-never 2>/dev/null; echo $?', { set_no_new_privs = true, seccomp_set_mode_filter = nothing }))
print(threads('Seccomp'))

-- What a call's arguments are.
local only_umask = system.seccomp.filter { default = 'allow', kill_process = {
    { syscall = 'umask', when = { { argument = 0, is = 'masked_equal', value = 7, mask = 7 } } }
} }
print(ask('umask 022; umask; umask 027; umask', { set_no_new_privs = true, seccomp_set_mode_filter = only_umask }))

local rules = system.landlock_create_ruleset { handled_access_fs = { 'make_dir' } }
print(ask('mkdir /tmp/emilua-never 2>/dev/null || echo no folders', { set_no_new_privs = true, landlock_restrict_self = rules }))

print(system.landlock_create_ruleset(nil, { 'version' }) >= 1)
print(code(system.landlock_create_ruleset))
print(code(system.landlock_create_ruleset, { handled_access_fs = { 'execute' } }, { 'version' }))
print(code(system.landlock_create_ruleset, {}))
print(code(system.landlock_create_ruleset, { handled_access_fs = { 'fly' } }))
print(code(system.seccomp_set_mode_filter, byte_span.new(7)))
print(code(system.seccomp_set_mode_filter, byte_span.new(0)))
print(code(system.seccomp.filter, { default = 'errno', allow = { 'read', 'no_such_call' } }))
print(code(system.seccomp.filter, { default = 'allow', allow = { 'read' } }))
print(code(system.seccomp.filter, { default = 'errno', allow = { { syscall = 'read', when = { { argument = 6, is = 'equal', value = 0 } } } } }))
print(code(system.seccomp.filter, { default = 'errno', allow = { { syscall = 'read', when = { { argument = 0, is = 'equal', value = 0, mask = 1 } } } } }))
print(#system.seccomp.filter { default = 'kill_process' } % 8)

local folders = system.get_ld_library_directories()
print(#folders > 0, folders[1].type)

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Filters of system calls: each comparison of an argument, each action, an errno of a call's own, several filters at
-- once, and programs of BPF that were written by hand.
local system = require 'system'
local filesystem = require 'filesystem'
local children = require './m_child'

local names = { [1] = 'EPERM', [13] = 'EACCES', [22] = 'EINVAL', [38] = 'ENOSYS', [95] = 'EOPNOTSUPP' }

local function failure(...)
    local ok, e = pcall(...)
    if ok then return 'no error' end
    return (names[e.code] or tostring(e)) .. ' ' .. tostring(e.syscall) .. ' ' .. tostring(e.arg)
end

-- Runs a shell under a filter. Returns what it wrote in one line, its status and the signal that ended it.
local function confined(filter, script)
    local text, code, signal = children.ask(script, { set_no_new_privs = true, seccomp_set_mode_filter = filter })
    return (text:gsub('%s+', ' ')), code, signal
end

-- The program again, as a child that may confine itself.
local function again(part)
    local child = system.spawn(children.again(part, { stdout = 'share' }))
    child:wait()
    return child.exit_code, child.exit_signal
end

local parts = {}

-- The strictest of all filters counts, and none goes away.
function parts.several()
    system.set_no_new_privs()
    local function add(call, code)
        system.seccomp_set_mode_filter(system.seccomp.filter {
            default = 'allow', errno = { call, call .. 'at' }, code = code
        })
    end
    local folder = filesystem.path.new('/tmp/emilua-never')
    add('mkdir', 38)
    print(failure(filesystem.create_directory, folder))
    add('mkdir', 95)
    print(failure(filesystem.create_directory, folder))
    add('symlink', 13)
    print(failure(filesystem.create_directory, folder))
    print(failure(filesystem.create_symlink, folder, folder))
    print(confined(nil, 'mkdir /tmp/emilua-never 2>/dev/null; echo $?'))
end

-- A filter that ends the process leaves no time for anything.
function parts.kill()
    system.set_no_new_privs()
    system.seccomp_set_mode_filter(system.seccomp.filter { default = 'allow', kill_process = { 'mkdir', 'mkdirat' } })
    filesystem.create_directory(filesystem.path.new('/tmp/emilua-never'))
    print('not reached')
end

if parts[system.arguments[3]] then return parts[system.arguments[3]]() end

-- Signals that do nothing, of which the middle one is compared with: 17, 18 and 23.
local script = 'for i in 17 18 23; do kill -$i $$ 2>/dev/null && echo done || echo refused; done'
for _, is in ipairs { 'equal', 'not_equal', 'less', 'less_or_equal', 'greater', 'greater_or_equal' } do
    local filter = system.seccomp.filter {
        default = 'allow', errno = { { syscall = 'kill', when = { { argument = 1, is = is, value = 18 } } } }
    }
    print(is, (confined(filter, script)))
end
print('masked_equal', (confined(system.seccomp.filter {
    default = 'allow',
    errno = { { syscall = 'kill', when = { { argument = 1, is = 'masked_equal', value = 1, mask = 1 } } } }
}, script)))
-- Conditions of one rule all have to be true, of several rules any.
print('both', (confined(system.seccomp.filter {
    default = 'allow', errno = { {
        syscall = 'kill', when = { { argument = 0, is = 'equal', value = 1 }, { argument = 1, is = 'equal', value = 18 } }
    } }
}, script)))
print('either', (confined(system.seccomp.filter {
    default = 'allow', errno = {
        { syscall = 'kill', when = { { argument = 1, is = 'equal', value = 17 } } },
        { syscall = 'kill', when = { { argument = 1, is = 'equal', value = 23 } } }
    }
}, script)))

-- What becomes of a call.
local call = 'kill -18 $$; echo $?'
print('errno', (confined(system.seccomp.filter {
    default = 'allow', errno = { { syscall = 'kill', code = 95 } }, code = 13
}, 'kill -18 $$ 2>&1 || echo failed')))
print('log', (confined(system.seccomp.filter { default = 'allow', log = { 'kill' } }, call)))
for _, action in ipairs { 'trap', 'kill_thread', 'kill_process' } do
    local text, code, signal = confined(system.seccomp.filter { default = 'allow', [action] = { 'kill' } }, call)
    print(action, '[' .. text .. ']', code, signal == system.signal.SIGSYS)
end
print(again 'several')
local code, signal = again 'kill'
print(code, signal == system.signal.SIGSYS)

-- By hand: code, jumps and operand of each instruction. Every getppid fails with 38.
local function assemble(instructions)
    local program = byte_span.with_zeros(8 * #instructions)
    for i, one in ipairs(instructions) do
        local at = program:sub(8 * i - 7, 8 * i)
        at:sub(1, 2):set_u16le(one[1])
        at[3], at[4] = one[2], one[3]
        at:sub(5, 8):set_u32le(one[4])
    end
    return program
end
local LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
local ALLOW, ERRNO, NUMBER = 0x7fff0000, 0x00050000, 0
local allow = { RETURN, 0, 0, ALLOW }
print(confined(assemble { allow }, 'echo any call'))
print(confined(assemble { { LOAD, 0, 0, NUMBER }, { EQUAL, 0, 1, 0xffffffff }, { RETURN, 0, 0, ERRNO + 38 }, allow }, 'echo none is that'))

-- Refused before anything is forked, or by the kernel.
local function refused(program) return failure(confined, program, 'echo not reached') end
local longest = {}
for i = 1, 4096 do longest[i] = allow end
print((confined(assemble(longest), 'echo as long as may be')))
longest[4097] = allow
print(refused(assemble(longest)))
print(refused(byte_span.new(0)))
print(refused(byte_span.new(12)))
print(refused(assemble { { LOAD, 0, 0, NUMBER } }), 'returns nothing')
print(refused(assemble { { EQUAL, 9, 9, 0 }, allow }), 'jumps out')
print(refused(assemble { { LOAD, 0, 0, 3 }, allow }), 'reads where nothing is')
print(refused(assemble { { 0xffff, 0, 0, 0 }, allow }), 'is no instruction')

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- needs: userns
-- Sets of capabilities as libcap has them, and those of a process: of all its threads, of its programs, of a child.
local system = require 'system'
local children = require './m_child'
local threads = children.threads

local function code(...)
    local ok, e = pcall(...)
    if ok then return 'no error' end
    local names = { [1] = 'EPERM', [3] = 'ESRCH', [22] = 'EINVAL' }
    return (names[e.code] or tostring(e)) .. ' ' .. tostring(e.syscall) .. ' ' .. tostring(e.arg)
end

local function ask(script) return (children.ask(script, { stderr = 'share' })) end

if system.arguments[3] == 'child' then
    -- User 0 of a namespace of its own, with all capabilities there.
    spawn_context_threads(2)
    local all = system.cap_get_proc()
    print('all', all:get_flag('cap_setpcap', 'effective'), system.cap_get_bound('cap_setpcap'))

    print('ambient', system.cap_get_ambient('cap_kill'), code(system.cap_set_ambient, 'cap_kill', true))
    local some = all:dup()
    some:fill('inheritable', 'permitted')
    some:set_proc()
    system.cap_set_ambient('cap_kill', true)
    print('ambient', system.cap_get_ambient('cap_kill'), threads('CapAmb'))
    system.cap_set_ambient('cap_chown', true)
    system.cap_set_ambient('cap_kill', false)
    print('ambient', system.cap_get_ambient('cap_kill'), system.cap_get_ambient('cap_chown'))
    system.cap_reset_ambient()
    print('ambient', threads('CapAmb'))

    system.cap_drop_bound('cap_sys_boot')
    print('bound', system.cap_get_bound('cap_sys_boot'), (ask('grep ^CapBnd: /proc/self/status') == threads('CapBnd'):gsub(' ', '\t')))

    print('bits', system.cap_get_secbits())
    system.cap_set_secbits(system.SECBIT_NO_SETUID_FIXUP + system.SECBIT_NO_SETUID_FIXUP_LOCKED)
    print('bits', system.cap_get_secbits(), code(system.cap_set_secbits, 0))

    local sleeper = system.spawn { program = 'sleep', arguments = { 'sleep', '1000' }, signal_on_gcreaper = 9 }
    print('of a child', sleeper:cap_get():get_flag('cap_kill', 'permitted'))
    sleeper:kill(9)
    sleeper:wait()
    print('of a child', code(sleeper.cap_get, sleeper))

    local few = system.cap_from_text('cap_kill,cap_chown=p cap_kill+e')
    few:set_proc()
    print('few', tostring(system.cap_get_proc()) == tostring(few))
    print('few', threads('CapEff'), threads('CapPrm'))
    print('more', code(all.set_proc, all), threads('CapEff'))
    print('bits', code(system.cap_set_secbits, 0))
    print('bound', code(system.cap_drop_bound, 'cap_kill'))
    system.cap_init():set_proc()
    print('none', tostring(system.cap_get_proc()), threads('CapPrm'))
    return
end

local caps = system.cap_init()
print(tostring(caps))
caps:set_flag('permitted', { 'cap_chown', 'cap_kill' }, true)
caps:set_flag('effective', {}, true)
caps:set_flag('inheritable', { 'CAP_CHOWN' }, true)
print(tostring(caps), caps:get_flag('cap_chown', 'inheritable'), caps:get_flag('cap_chown', 'effective'))
caps:set_flag('permitted', { 'cap_chown' }, false)
caps:fill('effective', 'permitted')
print(tostring(caps))
local other = system.cap_init()
other:fill_flag('inheritable', caps, 'effective')
caps:fill_flag('inheritable', caps, 'permitted')
print(tostring(other), tostring(caps))
local copy = caps:dup()
caps:clear_flag('effective')
print(tostring(caps), tostring(copy))
copy:clear()
print(tostring(copy) == tostring(system.cap_from_text('=')))
print(caps:get_nsowner())
caps:set_nsowner(1000)
print(caps:get_nsowner(), caps:dup():get_nsowner())

print(code(system.cap_from_text, 'cap_no_such_thing=ep'))
print(code(caps.get_flag, caps, 'cap_no_such_thing', 'effective'))
print(code(caps.get_flag, caps, 'cap_kill', 'visible'))
print(code(caps.set_flag, caps, 'effective', { 'cap_kill', 'kill' }, true))
print(code(system.cap_get_bound, 'cap_no_such_thing'))
print(code(system.cap_get_bound, 'cap_kill\0'))
print(code(caps.set_nsowner, caps, -1))
print(select(2, pcall(system.cap_get_ambient, 'kill')).message)

local program = system.arguments[1]
local child = system.spawn {
    program = 'unshare', stdout = 'share', stderr = 'share', environment = system.environment,
    arguments = { 'unshare', '-r', program, system.arguments[2], '--', 'child' }
}
child:wait()
print(child.exit_code)

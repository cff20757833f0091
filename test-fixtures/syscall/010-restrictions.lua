-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Giving up rights: Landlock, filters of system calls, capabilities, prctl.
-- env: EMILUA_PATH=$DIR/../../packages:$DIR
-- env: LUA_PATH=$DIR/../../packages/?/init.lua;$DIR/?/init.lua
-- needs: landlock
local S = require 'syscall'
local child = require('child').child
local function sym (ok, err) return ok and 'ok' or err.sym end

-- filters
print(child(function (say)
  assert(S.prctl('set_no_new_privs', 1))
  assert(S.seccomp('set_mode_filter', nil, S.seccomp_filter { mkdirat = 'eacces', sethostname = 5, getppid = 'allow' }))
  say(sym(S.mkdir('/tmp/refused', 'irwxu')), sym(S.sethostname('x')), S.getppid() > 0, S.prctl('get_seccomp'))
end))
print(child(function ()
  assert(S.prctl('set_no_new_privs', 1))
  assert(S.seccomp('set_mode_filter', 'log', S.seccomp_filter { getppid = 'kill_process' }))
  S.getppid()
end) == 'signal ' .. S.SIGSYS)
print(child(function ()
  assert(S.prctl('set_no_new_privs', 1))
  assert(S.prctl('set_seccomp', 'filter', S.seccomp_filter { default = 'allow' }))
end))
print((pcall(S.seccomp_filter, { nosuchcall = 'allow' })), (pcall(S.seccomp_filter, { mkdirat = 'perhaps' })), (pcall(S.seccomp, 'forbid')))

-- Landlock
print(S.landlock_create_ruleset(nil, 'version') >= 1)
print(child(function (say)
  assert(S.prctl('set_no_new_privs', 1))
  local rules = assert(S.landlock_create_ruleset { handled_access_fs = 'read_file, read_dir' })
  local beneath = assert(S.open('/etc', 'path, directory'))
  assert(S.landlock_add_rule(rules, 'path_beneath', { allowed_access = 'read_file', parent_fd = beneath }))
  assert(S.landlock_restrict_self(rules))
  say(S.readfile('/etc/passwd') ~= nil, sym(S.readfile('/proc/version')), sym(S.ls('/etc')), S.stat('/proc/version') ~= nil)
end))
print(sym(S.landlock_create_ruleset { }), (pcall(S.landlock_create_ruleset, { handled_access_fs = 'fly' })))

-- capabilities: what one has may be given up for good
print(child(function (say)
  local sets = assert(S.capget())
  say(sets.effective.nosuch, type(sets.effective.sys_admin), sets.effective.SYS_ADMIN == sets.effective.cap_sys_admin)
  say(S.capset { permitted = sets.permitted:del('kill, CAP_CHOWN'), effective = '', inheritable = '' })
  sets = assert(S.capget(S.getpid()))
  say(tostring(sets.effective) == '', sets.permitted.kill, sets.permitted.chown)
  sets.permitted.kill = true
  say(sym(S.capset(sets)), (pcall(sets.permitted.add, sets.permitted, 'fly')))
end))

-- prctl
print(S.prctl('get_dumpable') == 1 or S.geteuid() ~= 0, S.prctl('get_keepcaps'), S.prctl('set_keepcaps', 1), S.prctl('get_keepcaps'), S.prctl('set_keepcaps', 0))
print(S.prctl('get_pdeathsig'), S.prctl('set_pdeathsig', 'winch'), S.prctl('get_pdeathsig') == S.SIGWINCH, S.prctl('set_pdeathsig', 0))
print(S.prctl('set_name', 'a name that is cut off'), S.prctl('get_name'), S.prctl('get_timerslack') > 0, S.prctl('capbset_read', 'chown'))
print(S.prctl('mce_kill', 'set', 'early'), S.prctl('mce_kill_get') == S.PR_MCE_KILL_EARLY, S.prctl('mce_kill', 'clear'))
print(sym(S.prctl('get_endian')), sym(S.prctl(9999)), (pcall(S.prctl, 'get_lucky')), (pcall(S.prctl, 'capbset_read', 'fly')))

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Giving up what root has: ids, groups, clocks, and file systems that are there already.
-- env: EMILUA_PATH=$DIR/../../packages:$DIR
-- env: LUA_PATH=$DIR/../../packages/?/init.lua;$DIR/?/init.lua
-- needs: root
local S = require 'syscall'
local child = require('child').child
local function sym (ok, err) return ok and 'ok' or err.sym end
local function ids (of) return of.ruid or of.rgid, of.euid or of.egid, of.suid or of.sgid end

print(child(function (say)
  say(S.setgroups { 1, 5 }, table.concat(S.getgroups(), ' '), S.setgroups {}, #S.getgroups())
  say(S.setresgid(1, 2, 3), ids(S.getresgid()))
  say(S.setregid(2, 1), ids(S.getresgid()))
  say(S.setresuid(1, 2, 0), ids(S.getresuid()))
  say(S.setreuid(nil, 1), ids(S.getresuid()))
  say(S.setresuid(nil, 0), S.setuid(7), ids(S.getresuid()))
  say(sym(S.setuid(0)), sym(S.setgroups { 1 }), sym(S.chroot('/')), sym(S.acct()), sym(S.clock_settime('realtime', 5)), sym(S.settimeofday(5)))
end))
print(child(function (say)
  say(S.setgid(9), S.getgid(), S.getegid(), sym(S.setgid(0)))
end))
-- A clock that cannot be set says so to root too.
print(sym(S.clock_settime('monotonic', 5)), sym(S.swapon('/proc/self/stat')), (pcall(S.clock_settime, 'realtime', 'noon')))

print(child(function (say)
  assert(S.unshare('newns'))
  assert(S.mount('none', '/', nil, 'private, rec'))
  local path = '/tmp/syscall-pick-' .. S.getpid()
  assert(S.mkdir(path, 'irwxu'))
  assert(S.mount('none', path, 'tmpfs', nil, 'size=8192'))
  local picked = assert(S.fspick(nil, path, 'cloexec'))
  say(S.fsconfig(picked, 'set_string', 'size', '16384'), S.fsconfig(picked, 'cmd_reconfigure'), tonumber(S.statfs(path).f_blocks))
  say(sym(S.fspick(nil, '/no/such/path')), S.umount(path), S.rmdir(path))
end))

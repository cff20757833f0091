-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Variables of the kernel and control groups: what is set has its effect.
-- env: EMILUA_PATH=$DIR/../../packages:$DIR
-- env: LUA_PATH=$DIR/../../packages/?/init.lua;$DIR/?/init.lua
-- needs: root cgroup2
local S = require 'syscall'
local child = require('child').child
local function sym (ok, err) return ok and 'ok' or err.sym end

print(child(function (say)
  assert(S.unshare('newnet, newuts'))
  say(S.sysctl('net.ipv4.ip_forward'), S.sysctl('net.ipv4.ip_forward', 1), S.sysctl('net/ipv4/ip_forward'))
  say(S.sysctl('kernel.hostname', 'by-sysctl'), S.gethostname(), sym(S.sysctl('kernel.ostype', 'other')), sym(S.sysctl('no.such', 1)))
end))

print(child(function (say)
  assert(S.unshare('newns'))
  assert(S.mount('none', '/', nil, 'private, rec'))
  local path = '/tmp/syscall-groups-' .. S.getpid()
  assert(S.mkdir(path, 'irwxu'))
  assert(S.mount('none', path, 'cgroup2'))
  local name = 'syscall-test-' .. S.getpid()
  local group = assert(assert(S.cgroup('/')):child(name))
  say(tostring(group) == path .. '/' .. name, #group:processes(), type(group:controllers()), sym(S.cgroup('/' .. name)))

  local pid = assert(S.fork())
  if pid == 0 then S.pause() end
  say(group:add(pid), group:processes()[1] == pid, S.readfile('/proc/' .. pid .. '/cgroup'):find(name, 1, true) ~= nil)
  say(group:table('cgroup.events').populated, group:freeze(), group:get('cgroup.freeze'), group:thaw(), group:get('cgroup.freeze'))
  local inner = assert(group:child('inner'))
  say(#group:children(), tostring(group:children()[1]) == tostring(inner), inner:remove(), sym(group:remove()))
  say(group:kill(), S.waitpid(pid).TERMSIG == S.SIGKILL, group:remove(), sym(group:get('cgroup.procs')), sym(S.cgroup('/' .. name)))
  say(S.umount(path), S.rmdir(path))
end))

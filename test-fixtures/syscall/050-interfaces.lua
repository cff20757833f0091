-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Interfaces, addresses, routes, neighbours and bridges, in a network namespace of its own.
-- env: EMILUA_PATH=$DIR/../../packages:$DIR
-- env: LUA_PATH=$DIR/../../packages/?/init.lua;$DIR/?/init.lua
-- needs: root
local S = require 'syscall'
local child = require('child').child
local t = S.t
local function sym (ok, err) return ok and 'ok' or err.sym end

print(child(function (say)
  assert(S.unshare('newnet, newns'))
  assert(S.mount('none', '/', nil, 'private, rec'))
  assert(S.mount('none', '/sys', 'sysfs'))
  say(#S.interfaces(), S.interface('lo').flags.up, #S.interface('lo').inet)
  say(tostring(S.interface('lo')):match('^lo        Link encap:Local Loopback\n          LOOPBACK  MTU: %d+\n') ~= nil)
  local lo = S.interface('lo')
  say(lo:up(), lo:refresh().flags.up, tostring(lo:refresh().flags), tostring(lo:refresh().inet[1].addr), tostring(lo:refresh().inet6[1].addr))
  say(lo.setflags() ~= nil, S.interface('lo').flags.up, lo.setflags('up') ~= nil, S.interface(1).flags.up, sym(S.setlink(-1, 'up')))
  say(lo:setflags() ~= nil, S.interface('lo').flags.up, lo:setflags('up') ~= nil, S.interface('lo').flags.up)

  -- a pair
  say(S.newlink { name = 'left', kind = 'veth', peer = { name = 'right', mtu = 1400 }, address = '02:00:00:00:00:01' }, sym(S.newlink { name = 'left', kind = 'veth' }))
  local left, right = S.interface('left'), S.interface('right')
  say(left.kind, left.ether, tostring(left.macaddr), right.mtu, left.link == right.index, left.typename)
  say(left:up(), right:up(), left:add_address('10.1.2.3/24', { broadcast = '10.1.2.255', label = 'left:x' }), left:add_address('fd00::1/64', { flags = 'nodad' }))
  local a = left:refresh().inet[1]
  say(tostring(a.addr), a.prefixlen, tostring(a.broadcast), a.label, a.permanent, tostring(left:refresh()):find('inet addr: 10.1.2.3/24\n', 1, true) ~= nil)
  say(sym(left:add_address('10.1.2.3/24')), sym(S.newaddr('nosuch', '10.0.0.1/8')), (pcall(S.newaddr, 'left', 'localhost')), (pcall(S.newaddr, 'left', '1.2.3.4/40')))

  -- routes
  say(S.newroute { dst = '10.9.0.0/16', gateway = '10.1.2.1' }, S.newroute { dst = 'default', gateway = '10.1.2.1', metric = 7 }, S.newroute { dst = 'fd01::/32', dev = 'left' })
  say(tostring(S.getroute()))
  say(S.getroute()[1].unicast, S.getroute()[1].blackhole, S.getroute()[1].dst, tostring(S.getroute()[1].gateway), #S.getroute('inet', 'local') > 0, #S.getroute('inet6') >= 2)
  say(sym(S.newroute { dst = '10.9.0.0/16', gateway = '10.1.2.1' }), S.replaceroute { dst = '10.9.0.0/16', gateway = '10.1.2.2' }, S.delroute { dst = '10.9.0.0/16' }, sym(S.delroute { dst = '10.9.0.0/16' }))
  say(S.delroute { dst = 'default' }, S.newroute { dst = '10.7.0.0/16', type = 'blackhole' }, tostring(S.getroute()))

  -- neighbours
  say(S.newneigh('left', '10.1.2.9', '02:00:00:00:00:09'))
  local n = S.getneigh('inet')[1]
  say(tostring(n.dst), tostring(n.macaddr), n.permanent, n.index == left.index, S.delneigh('left', '10.1.2.9'), #S.getneigh('inet'))

  -- changes
  say(left:del_address('10.1.2.3/24'), left:setmtu(1300), left:refresh().mtu, left:setmac('02:00:00:00:00:07'), tostring(left:refresh().macaddr))
  say(left:down(), left:rename('renamed'), S.interface('left'), S.interface('renamed').index == left.index, left:set { alias = 'an alias', promisc = true }, left:refresh().alias)
  say(sym(S.changelink('nosuch', { mtu = 1 })), (pcall(S.newlink, { name = 'x', kind = 'dummy', colour = 'red' })), (pcall(S.newlink, { name = 'x' })), sym(S.newlink { name = 'x', kind = 'nonsense' }))
  local p = assert(S.fork())
  if p == 0 then
    S.unshare('newnet')
    S.pause()
  end
  repeat
    S.nanosleep(0.001)
  until S.readlink('/proc/' .. p .. '/ns/net') ~= S.readlink('/proc/self/ns/net')
  say(right:move_ns(p), S.interface('right'), S.kill(p, 'kill'), S.waitpid(p).termsig)

  -- bridges
  say(S.newlink { name = 'port', kind = 'veth', peer = 'far' }, S.bridge_add('br999'), sym(S.bridge_add('br999')), S.stat('/sys/class/net/br999').isdir)
  say(S.bridge_list().br999.bridge.root_id, S.bridge_list().br999.bridge.bridge_id)
  say(S.bridge_add_interface('br999', 'port'), S.interface('port').master == S.interface('br999').index, S.interface('br999').kind)
  local b = S.bridge_list().br999
  say(type(b.bridge.root_id), type(b.bridge.ageing_time), tostring(b.brif), b.brforward[1].is_local, #tostring(b.brforward[1].mac_addr))
  say(S.bridge_del_interface('br999', S.interface('port').index), #S.bridge_list().br999.brif, S.bridge_del('br999'), S.bridge_list().br999, sym(S.bridge_del('br999')))
  say(S.newlink { name = 'br1', kind = 'bridge' }, S.interface('port'):setmaster('br1'), S.interface('port'):setmaster(), S.interface('port').master, S.interface('br1'):delete())
end))

-- namespaces and what is seen in them
print(child(function (say)
  local own = assert(S.open('/proc/self/ns/uts'))
  assert(S.unshare('newuts'))
  say(S.sethostname('elsewhere'), S.gethostname(), S.setdomainname('test'), S.getdomainname(), S.setns(own, 'newuts'), S.gethostname() ~= 'elsewhere')
  local pid = assert(S.clone('newpid', 'chld'))
  if pid == 0 then S._exit(S.getpid()) end
  say(S.waitpid(pid).EXITSTATUS)
  pid = assert(S.clone('newnet, newipc'))
  if pid == 0 then S._exit(#S.interfaces()) end
  say(S.waitpid(-1, 'clone').EXITSTATUS)
  -- another root
  assert(S.unshare('newns'))
  assert(S.mount('none', '/', nil, 'private, rec'))
  local root = '/tmp/syscall-root-' .. S.getpid()
  assert(S.mkdir(root, 'irwxu'))
  assert(S.mount('none', root, 'tmpfs'))
  assert(S.mkdir(root .. '/old', 'irwxu'))
  assert(S.chdir(root))
  say(S.pivot_root('.', 'old'), S.chdir('/'), tostring(S.ls('/', true)), S.stat('/old' .. root) ~= nil)
  S.rmdir('/old' .. root)
  say(S.umount('/old', 'detach'), sym(S.stat('/old/etc')))
end))

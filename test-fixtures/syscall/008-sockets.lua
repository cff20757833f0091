-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Datagrams of both families, names of nameless sockets, options by level, credentials, abstract names.
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
local S = require 'syscall'
local t = S.t
local function sym (ok, err) return ok and 'ok' or err.sym end
local buffer = t.buffer(64)

-- UDP
for _, case in ipairs {
  { 'inet', t.sockaddr_in(0, '127.0.0.1'), '127.0.0.1' }, { 'inet6', t.sockaddr_in6(0, '::1'), '::1' }
} do
  local family, address, host = case[1], case[2], case[3]
  local a, b = assert(S.socket(family, 'dgram, cloexec')), assert(S.socket(family, 'dgram'))
  assert(a:bind(address))
  assert(b:bind(address))
  local to = assert(a:getsockname())
  print(b:sendto('datagram', nil, 0, to))
  local r = assert(a:recvfrom(buffer, 64))
  print(r.count, S.string(buffer, r.count), tostring(r.addr.addr) == host, r.addr.port == b:getsockname().port)
  print(b:sendto('cut off', 3, nil, to), a:recv(buffer, 64), S.string(buffer, 3), b:connect(to), b:send('x'), a:read())
  print(sym(a:recvfrom(buffer, 64, 'dontwait')), tostring(b:getpeername().addr) == host)
end
local six = assert(S.socket('inet6', 'stream'))
print(six:setsockopt('ipv6', 'v6only', true), six:getsockopt('ipv6', 'v6only'), sym(six:bind(t.sockaddr_in6(0, '::1'))))
print(six:listen(), six:getsockname().family == S.AF_INET6, six:getsockname().sin6_scope_id)

-- options: names and numbers, other levels, structures
local s = assert(S.socket('inet', 'stream'))
print(s:setsockopt('socket', 'keepalive', true), s:getsockopt('socket', 'keepalive'), s:getsockopt(S.SOL_SOCKET, S.SO_TYPE) == S.SOCK_STREAM)
print(s:setsockopt('tcp', 'nodelay', 1), s:getsockopt('ipproto_tcp', 'tcp_nodelay'), s:setsockopt('socket', 'rcvbuf', 10000), s:getsockopt('socket', 'rcvbuf'))
local linger = t.linger(1, 5)
print(s:setsockopt('socket', 'linger', linger), s:getsockopt('socket', 'linger', t.linger()).l_linger, s:setsockopt('socket', 'linger', linger, S.sizeof(linger)))
print(s:getsockopt('socket', 'error'), sym(s:getsockopt('socket', 9999)), (pcall(s.getsockopt, s, 'socket', 'nosuch')), (pcall(s.setsockopt, s, 'nowhere', 'debug', 1)))
print(s:getsockopt('socket', 'rcvtimeo', t.timeval()).time)

-- a connection without waiting
local l = assert(S.socket('inet', 'stream, nonblock'))
assert(l:bind(t.sockaddr_in(0, '127.0.0.1')))
assert(l:listen())
local c = assert(S.socket('inet', 'stream, nonblock'))
local at = l:getsockname()
local done, err = c:connect(at)
print(done or err.EINPROGRESS)
assert(S.poll({ { fd = l, events = 'in' } }, 5000))
local accepted = assert(l:accept('nonblock'))
print(accepted.fd:getpeername().port == c:getsockname().port, c:connect(at) or true, sym(l:accept()))

-- AF_UNIX: nameless, abstract, path
local sv = assert(S.socketpair('unix', 'stream'))
local name = assert(sv[1]:getsockname())
print(name.family == S.AF_UNIX, name.unnamed, name.abstract, name.name, name.nosuchfield)
local abstract = '\0syscall-' .. S.getpid()
local u = assert(S.socket('unix', 'dgram'))
assert(u:bind(t.sockaddr_un(abstract)))
name = assert(u:getsockname())
print(name.abstract, name.unnamed, name.name == abstract)
local v = assert(S.socket('unix', 'dgram'))
print(v:sendto('hidden', nil, 0, t.sockaddr_un(abstract)), u:recvfrom(buffer, 64).addr.unnamed, v:connect(name), v:send('again'), u:read(nil, 20))
local path = '/tmp/syscall-name-' .. S.getpid()
local w = assert(S.socket('unix', 'dgram'))
assert(w:bind(t.sockaddr_un(path)))
print(w:getsockname().name == path, w:getsockname().abstract, w:sendto('from a path', nil, 0, name))
local r = assert(u:recvfrom(buffer, 64))
print(r.addr.name == path, r.addr.sun_family == S.AF_UNIX, S.unlink(path), (pcall(t.sockaddr_un, ('x'):rep(109))))
local empty = t.sockaddr_un()
print(sym(S.socket('unix', 'stream'):bind(empty, 2)))

-- credentials and the end of the other side
local d = assert(S.socketpair('unix', 'dgram'))
d[2]:setsockopt('socket', 'passcred', true)
print(d[1]:sendcred(), d[2]:recvmsg().pid == S.getpid(), sym(d[1]:sendcred(1)) == (S.geteuid() == 0 and 'ok' or 'EPERM'))
local peer = assert(d[1]:getsockopt('socket', 'peercred', t.ucred()))
print(peer.pid == S.getpid(), peer.uid == S.geteuid())
S.signal('pipe', 'ign')
local e = assert(S.socketpair('unix', 'stream'))
print(e[1]:close(), sym(e[2]:send('x', nil, 'nosignal')), sym(e[2]:write('x')), e[2]:read() == '', e[2]:shutdown('rdwr'), sym(e[2]:shutdown(9)))

-- many messages in one call
local m = assert(S.socketpair('unix', 'dgram'))
local out = t.iovecs { 'one', 'three' }
local into = t.iovecs { 16, 16 }
local sent, got = t.mmsghdrs(2), t.mmsghdrs(2)
for i = 0, 1 do
  sent[i].msg_hdr.msg_iov, sent[i].msg_hdr.msg_iovlen = out.iov + i, 1
  got[i].msg_hdr.msg_iov, got[i].msg_hdr.msg_iovlen = into.iov + i, 1
end
print(m[1]:sendmmsg(sent, 2), m[2]:recvmmsg(got, 2), got[0].msg_len, got[1].msg_len, S.string(into[2].iov_base, 5))
print((pcall(m[1].sendmmsg, m[1], sent, 3)), sym(m[2]:recvmmsg(got, 2, 'dontwait')))

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- SCM_RIGHTS and SCM_CREDENTIALS over a socket pair
local S = require 'syscall'
local t = S.t

local sv = assert(S.socketpair('unix', 'stream'))
-- without arguments: one byte, enough to carry control data
print(sv[1]:sendmsg())
local r = assert(sv[2]:recvmsg())
print(tonumber(r.count), r.pid, r.fd)

-- descriptors
local p = assert(S.pipe())
print(sv[1]:sendfds(p[2], S.stdin))
r = assert(sv[2]:recvmsg())
print(#r.fd, type(r.fd[1]), r.fd[1].fileno ~= p[2].fileno)
print(r.fd[1]:write('through a passed descriptor'), p[1]:read())
print(r.fd[2]:stat().ino == S.fstat(0).ino)
-- they are owned: closing all writers gives the reader the end
assert(p[2]:close())
assert(r.fd[1]:close())
print(p[1]:read() == '')
print(r.fd[2]:close())
-- plain numbers can be passed too
print(S.sendfds(sv[1], 0, 0, 0), #sv[2]:recvmsg().fd)

-- credentials: the receiver asks for them
print(sv[2]:setsockopt('socket', 'passcred', true), sv[2]:getsockopt(S.SOL_SOCKET, S.SO_PASSCRED))
assert(sv[1]:sendmsg())
r = assert(sv[2]:recvmsg())
print(r.pid == S.getpid(), r.uid == S.getuid(), r.gid == S.getgid())
-- from another process
local pid = assert(S.fork())
if pid == 0 then
    sv[1]:sendmsg()
    S._exit(0)
end
r = assert(sv[2]:recvmsg())
print(r.pid == pid, S.waitpid(pid).EXITSTATUS)
-- both at once
assert(sv[1]:sendfds(S.stdin))
r = assert(sv[2]:recvmsg())
print(r.pid == S.getpid(), #r.fd, r.fd[1]:close())
print(sv[2]:setsockopt('socket', 'passcred', false), sv[2]:getsockopt(S.SOL_SOCKET, S.SO_PASSCRED))

-- with a message of one's own: payload and control data
local buf, ctl = t.buffer(16), t.buffer(128)
local iov = t.iovecs{{buf, 16}}
local msg = t.msghdr{msg_iov = iov.iov, msg_iovlen = #iov, msg_control = ctl, msg_controllen = 128}
assert(sv[1]:write('payload'))
r = assert(sv[2]:recvmsg(msg))
print(tonumber(r.count), S.string(buf, 7), r.fd)
iov = t.iovecs{'gath', 'ered'}
print(sv[1]:sendmsg(t.msghdr{msg_iov = iov.iov, msg_iovlen = #iov}, 'nosignal'), sv[2]:read())
local r, err = sv[2]:recvmsg(nil, 'dontwait')
print(r, err.again)

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- constants: names, values, prefixes left out, case, comma lists, numbers
local S = require 'syscall'

print(S.O_RDONLY, S.O_CREAT, S.O_EXCL, S.O_APPEND, S.O_NONBLOCK, S.O_CLOEXEC)
print(S.SEEK_SET, S.SEEK_CUR, S.SEEK_END)
print(S.S_IFREG, S.S_IFDIR, S.S_IRWXU, S.S_ISUID)
print(S.SIGHUP, S.SIGKILL, S.SIGALRM, S.SIGCHLD, S.SIGWINCH, S.SIGSYS, S.SIGPOLL == S.SIGIO)
print(S.AF_UNIX, S.AF_LOCAL, S.AF_INET, S.AF_INET6, S.AF_NETLINK, S.SOCK_STREAM, S.SOCK_SEQPACKET)
print(S.MAP_PRIVATE + S.MAP_ANONYMOUS, S.MAP_ANON, S.PROT_READ + S.PROT_WRITE)
print(S.EPOLLIN, S.EPOLLOUT, S.EPOLLRDHUP, S.POLLIN, S.POLLNVAL)
print(S.RLIMIT_NOFILE, S.CLOCK_MONOTONIC, S.ITIMER_REAL, S.PR_SET_NAME, S.CAP_SYS_ADMIN, S.CAP_WAKE_ALARM)
print(S.MS_RDONLY, S.MS_NOATIME, S.MNT_DETACH, S.CLONE_NEWNET, S.IN_CREATE, S.IN_ALL_EVENTS)
print(S.IFF_UP, S.IFLA_MTU, S.RTM_GETLINK, S.NLM_F_DUMP, S.ARPHRD_LOOPBACK, S.IPPROTO_ICMPV6)
print(S.ICANON, S.ECHO, S.VINTR, S.VMIN, S.B38400, S.B115200, S.TCSAFLUSH)
print(S.E.EPERM, S.E.EINVAL, S.E.EOPNOTSUPP, S.E.EINPROGRESS, S.E.ENOTRECOVERABLE)
print(S.DT_DIR, S.DT_REG, S.SPLICE_F_MORE, S.MSG_PEEK, S.SO_PASSCRED, S.SOL_SOCKET)
print(S.STDIN_FILENO, S.STDERR_FILENO, S.EXIT_FAILURE, S.F_GETFL, S.FD_CLOEXEC)

-- S.mode turns mode strings into numbers
print(S.mode('IRUSR') == S.S_IRUSR, S.mode('irusr, iwusr'), S.mode('S_IRWXU,IRGRP'))
print(S.mode('IFREG, IRWXU') == S.S_IFREG + S.S_IRWXU, S.mode(384), S.mode(nil), S.mode(''))

-- the same open, spelt in six ways
for _, flags in ipairs{'rdonly', 'RDONLY', 'RdOnly', 'O_RDONLY', ' rdonly ', S.O_RDONLY} do
    local fd = assert(S.open('/dev/null', flags))
    print(#fd:read(nil, 1))
    assert(fd:close())
end
local fd = assert(S.open('/dev/null', 'rdonly,nonblock ,  O_CLOEXEC'))
print(fd:fcntl('getfd') == S.FD_CLOEXEC, bit.band(fd:fcntl('F_GETFL'), S.O_NONBLOCK) ~= 0)
assert(fd:close())
-- no flags at all is "read only"
local fd = assert(S.open('/dev/zero'))
print(fd:read(nil, 3) == '\0\0\0')

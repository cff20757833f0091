-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- tags: beyond-2012 (promised by the README, not kept by the code of its time)
-- strings for the standard descriptors, prefixes in any case, names of the README
local S = require 'syscall'

-- "stdin", "stdout" and "stderr" where a descriptor is wanted
for i, name in ipairs{'stdin', 'stdout', 'stderr'} do
    local st, want = assert(S.fstat(name)), assert(S.fstat(i - 1))
    print(name, st.ino == want.ino, st.rdev == want.rdev)
end
print(S.write('stderr', ''), S.fcntl('stdout', 'getfd') == S.fcntl(1, 'getfd'))
local copy = assert(S.dup('stderr'))
print(copy.fileno > 2, copy:close())
print((pcall(S.fstat, 'stdlog')))

-- constants are not case sensitive, with the prefix or without
local fd = assert(S.open('/dev/zero', 'o_rdonly, O_NonBlock, cloexec'))
print(bit.band(fd:fcntl('f_getfl'), S.O_NONBLOCK) ~= 0, fd:fcntl('F_GetFd') == S.FD_CLOEXEC)
print(S.mode('s_irusr, S_iWusr, irgrp'), S.access('/dev/null', 'rW'))
print(S.clock_gettime('clock_monotonic') ~= nil, S.getrlimit('rlimit_nofile') ~= nil, S.kill(S.getpid(), 0))
local sv = assert(S.socketpair('af_unix', 'sock_stream'))
print(sv[1]:setsockopt('sol_socket', 'so_passcred', true), sv[1]:getsockopt('socket', 'passcred'))
local p = assert(S.poll({{fd = sv[1], events = 'pollout'}}, 0))
print(p[1].pollout, p[1].out, p[1].nosuchevent)

-- errors in any case too
local r, err = S.stat('/nonexistent/file')
print(err.ENOENT, err.enoent, err.noent, err.Enoent)

-- names the README uses
print(type(S.get_interfaces), S.get_interfaces().lo.name, tostring(S.get_interfaces()):find('Link encap', 1, true) ~= nil)
print(type(S.ksyslogctl), type(S.klogctl))


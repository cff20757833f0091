-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- /proc as a table, the list of processes, small helpers
local S = require 'syscall'

local p = S.proc()
print(p.pid == S.getpid(), p.dir == '/proc/' .. S.getpid() .. '/')
print(#p.cmdline > 0, p.cmdline == S.readfile('/proc/self/cmdline'), p.comm:sub(-1) == '\n')
print(p.exe == S.readlink('/proc/self/exe'), p.cwd == S.getcwd(), p.root)
print(p.status:match('Pid:%s+(%d+)') == tostring(S.getpid()), #p.environ >= 0, p.nosuchfile)
print(p.stat:match('^(%d+) ') == tostring(p.pid))

-- another process
local q = assert(S.pipe())
local pid = assert(S.fork())
if pid == 0 then
    S.prctl('set_name', 'ljs-child')
    q[2]:write('x')
    S.pause()
    S._exit(0)
end
assert(q[1]:read())
local c = S.proc(pid)
print(c.pid == pid, c.comm == 'ljs-child\n', c.stat:match('%) (%a)') ~= nil, tostring(c):match('^%d+  ') ~= nil)

-- ps: a list sorted by number that prints
local ps = assert(S.ps())
local me, child, sorted = false, false, true
for i = 1, #ps do
    if ps[i].pid == S.getpid() then me = true end
    if ps[i].pid == pid then child = ps[i].comm == 'ljs-child\n' end
    if i > 1 and ps[i - 1].pid >= ps[i].pid then sorted = false end
end
print(#ps >= 2, me, child, sorted)
assert(S.kill(pid, 'kill'))
assert(S.waitpid(pid))
print(c.comm, S.proc(pid).status)

-- host and kernel
local u = assert(S.uname())
print(u.sysname, u.nodename == S.gethostname(), u.release == S.readfile('/proc/sys/kernel/osrelease'):sub(1, -2), u.machine)
print(type(u.version), type(u.domainname))
local si = assert(S.sysinfo())
print(si.uptime > 0, si.totalram > 0, si.freeram <= si.totalram, si.procs > 0, si.mem_unit > 0)
print(math.abs(tonumber(si.uptime) - tonumber(S.readfile('/proc/uptime'):match('^%d+'))) < 3)

-- helpers in place of the ffi library
local t = S.t
local buf = t.buffer(8)
S.fill(buf, 8, 65)
print(S.string(buf, 8), S.sizeof(buf), S.sizeof('int'), S.sizeof(t.int64))
S.copy(buf, 'xyz')
print(S.string(buf), S.cast('unsigned char *', buf)[4], S.pointer(0) == nil)
print(t.int1(5)[0], t.uint64_1(2^40)[0] == 2^40, t.ints(3)[2], tonumber(t.int32(-1)))
print(S.syscall(S.SYS_getpid) == S.getpid())
local r, err = S.syscall(100000)
print(r, err.nosys)
print(S.getuid() == S.stat('/proc/self').uid, S.geteuid() == S.getuid(), S.getgid() == S.getegid())

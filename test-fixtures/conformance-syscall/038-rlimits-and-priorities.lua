-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- resource limits in their forms; nice values, in a child
local S = require 'syscall'
local t = S.t
local function sym(ok, err) return ok and 'ok' or err.sym end

local r = assert(S.getrlimit('nofile'))
print(r.rlim_cur > 10, r.rlim_cur <= r.rlim_max)
-- soft and hard as two numbers
assert(S.setrlimit('nofile', 0, r.rlim_max))
print(S.getrlimit('nofile').rlim_cur == 0)
print(sym(S.open('/dev/null')))
print(sym(S.pipe()), sym(S.socket('unix', 'stream')))
-- as a table
print(S.setrlimit('RLIMIT_NOFILE', {r.rlim_cur, r.rlim_max}), S.getrlimit(S.RLIMIT_NOFILE).rlim_cur == r.rlim_cur)
print(sym(S.open('/dev/null')))
-- as a structure, in a child: lowering the hard limit is final for the unprivileged
local function child(f)
    local pid = assert(S.fork())
    if pid == 0 then S._exit(f()) end
    return S.waitpid(pid)
end
print(child(function()
    local ok = S.setrlimit('nofile', t.rlimit(64, 64))
    local n = S.getrlimit('nofile')
    return ok and n.rlim_cur == 64 and n.rlim_max == 64 and 50 or 1
end).EXITSTATUS)
print(child(function()
    local path = '/tmp/ljs-fsize-' .. S.getpid()
    S.signal('xfsz', 'ign')
    S.setrlimit('fsize', 5, 5)
    local fd = S.creat(path, 'IRWXU')
    local n = fd:write('0123456789')
    local m, err = fd:write('x')
    S.unlink(path)
    return n == 5 and not m and err.fbig and 51 or 1
end).EXITSTATUS)
print(S.setrlimit('core', 0, S.getrlimit('core').rlim_max), S.getrlimit('core').rlim_cur == 0)
print(sym(S.setrlimit('cpu', {10, 5})), sym(S.getrlimit(99)), (pcall(S.getrlimit, 'luck')))

-- priorities
local prio = S.getpriority('process')
print(type(prio), prio == S.getpriority('process', S.getpid()), prio == S.getpriority(S.PRIO_PROCESS, 0))
print(child(function()
    local n = S.nice(3)
    if n ~= prio + 3 or S.getpriority('process') ~= prio + 3 then return 1 end
    if not S.setpriority('process', 0, prio + 5) then return 2 end
    if S.getpriority('process') ~= prio + 5 then return 3 end
    local ok, err = S.setpriority('process', 0, -5)
    if ok then return S.geteuid() == 0 and S.getpriority('process') == -5 and 60 or 4 end
    return S.geteuid() ~= 0 and (err.acces or err.perm) and 60 or 5
end).EXITSTATUS)
print(sym(S.getpriority('process', 99999999)), sym(S.setpriority('process', 99999999, 1)), (pcall(S.getpriority, 'planet')))

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- fork, clone, exit and what wait tells
local S = require 'syscall'

local me = S.getpid()
print(type(me), me > 1, S.getppid() >= 0, type(S.getsid()), S.getsid() == S.getsid(me))
local pid = assert(S.fork())
if pid == 0 then S._exit(S.getppid() == me and S.getpid() ~= me and 7 or 1) end
local w = assert(S.wait())
print(w.pid == pid, w.WIFEXITED, w.EXITSTATUS, w.status == 7 * 256, not not w.WIFSIGNALED, not not w.WIFSTOPPED)

-- by name
pid = assert(S.fork())
if pid == 0 then S._exit('failure') end
w = assert(S.waitpid(pid))
print(w.pid == pid, w.ifexited, w.EXITSTATUS)
pid = assert(S.fork())
if pid == 0 then S._exit() end
print(S.waitpid(-1).EXITSTATUS)

-- not yet ended, then killed
local p = assert(S.pipe())
pid = assert(S.fork())
if pid == 0 then
    p[2]:close()
    p[1]:read()
    S._exit(0)
end
print(S.waitpid(pid, 'nohang').pid, S.waitpid(-1, S.WNOHANG).pid)
print(S.kill(pid, 'term'))
w = assert(S.waitpid(pid, 0))
print(w.pid == pid, not not w.WIFEXITED, w.WIFSIGNALED, w.WTERMSIG == S.SIGTERM, w.termsig, w.EXITSTATUS)
p[1]:close() p[2]:close()

-- nobody left
local r, err = S.wait()
print(r, err.child)
local r, err = S.waitpid(pid)
print(r, err.ECHILD)
local ok, err = S.kill(pid, 0)
print(ok, err.srch)

-- clone without flags is a fork without a signal at the end
pid = assert(S.clone())
if pid == 0 then S._exit(4) end
w = assert(S.waitpid(-1, 'clone'))
print(w.pid == pid, w.EXITSTATUS)
pid = assert(S.clone(nil, 'chld'))
if pid == 0 then S._exit(5) end
print(S.waitpid(pid).EXITSTATUS)
print((pcall(S.clone, 'newworld')), (pcall(S.waitpid, -1, 'sometimes')))

-- a new session in a child
pid = assert(S.fork())
if pid == 0 then
    local sid = S.setsid()
    local again, err = S.setsid()
    S._exit(sid == S.getpid() and S.getsid() == sid and not again and err.perm and 11 or 1)
end
print(S.waitpid(pid).EXITSTATUS)
-- data from child to parent
p = assert(S.pipe())
pid = assert(S.fork())
if pid == 0 then
    p[2]:write('from ' .. (S.getppid() == me and 'my child' or 'a stranger'))
    S._exit(0)
end
print(p[1]:read(), S.wait().pid == pid)

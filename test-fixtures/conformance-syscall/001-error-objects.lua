-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- errors: second result, message, errno, symbolic tests in several spellings
local S = require 'syscall'
local path = '/tmp/ljs-missing-' .. S.getpid()

local fd, err = S.open(path, 'rdonly')
print(fd, tostring(err))
print(err.errno == S.E.ENOENT, err.errno)
print(err.ENOENT, err.noent, err.NOENT, err.NoEnt)
print(err.EACCES, err.acces, err.EPERM, err.perm)
print(err.sym, err.lsym)
print(err.nosucherror)

-- every failing call gives nil and an error, whatever the success value is
for _, f in ipairs{'stat', 'lstat', 'unlink', 'rmdir', 'chdir', 'readlink', 'readfile', 'statfs', 'dirfile'} do
    local ok, e = S[f](path)
    print(f, ok, e.errno)
end

-- an error object can be made from a number
local t = S.t
local e = t.error(S.E.EBADF)
print(tostring(e), e.badf, e.BADF, e.sym)
print(tostring(t.error(13)), t.error(13).acces)
print(t.error(11).EAGAIN, t.error(11).EWOULDBLOCK, t.error(11).again)
print(t.error(61).ENODATA, t.error(61).noattr)

-- failure of a call on a descriptor, as function and as method
local ok, e = S.close(1000)
print(ok, e.badf)
local p = S.pipe()
local n, e = p[1]:write('x')
print(n, e.EBADF)
-- used with assert: message is the error object itself
local ok, msg = pcall(assert, S.rmdir(path))
print(ok, tostring(msg))
print(S.strerror(S.E.EPIPE))

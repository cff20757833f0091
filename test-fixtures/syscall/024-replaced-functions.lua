-- SPDX-License-Identifier: MIT OR BSL-1.0
-- A program may put functions of its own in the place of the module's, which go on calling those, whenever it does so.
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
local S = require 'syscall'
local calls = {}
local function count (name)
  local own = S[name]
  calls[name] = 0
  S[name] = function (...)
    calls[name] = calls[name] + 1
    return own(...)
  end
end

-- before anything of its file was called
count 'open'
print(S.open('/dev/null') ~= nil, S.open('/dev/zero') ~= nil, calls.open)
-- what was taken before, replaced after
local lstat = S.lstat
S.stat('/')
S.lstat = function (...)
  calls.lstat = (calls.lstat or 0) + 1
  return lstat(...)
end
print(S.lstat('/').isdir, S.lstat('/').isdir, lstat('/').isdir, calls.lstat)
-- again and again
count 'uname'
count 'uname'
print(S.uname().sysname, S.uname().sysname, calls.uname)
S.sysinfo = nil
print(S.gethostname() == S.uname().nodename, S.sysinfo)
-- methods are the module's own
count 'read'
local zero = S.open('/dev/zero')
print(#zero:read(nil, 3), calls.read, #S.read(zero, nil, 3), calls.read)

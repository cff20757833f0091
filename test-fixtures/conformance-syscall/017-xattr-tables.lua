-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- all attributes of a file as one table: xattr, lxattr, fxattr
local S = require 'syscall'
local path = '/tmp/ljs-xattrs-' .. S.getpid()
local function show(t)
    local r = {}
    for k, v in pairs(t) do if k:find('^user%.') then r[#r + 1] = k .. '=' .. v end end
    table.sort(r)
    return '{' .. table.concat(r, ', ') .. '}'
end

assert(S.writefile(path, '', 'IRUSR, IWUSR'))
print(show(S.xattr(path)))
print(S.xattr(path, {['user.a'] = '1', ['user.b'] = 'two'}), show(S.xattr(path)))
-- what is not in the new table goes away, what is in it is replaced
print(S.xattr(path, {['user.b'] = 'deux', ['user.c'] = '3'}), show(S.xattr(path)))
print(show(S.lxattr(path)))
print(S.lxattr(path, {['user.l'] = 'link version'}), show(S.xattr(path)))

local fd = assert(S.open(path, 'rdwr'))
print(show(fd:fxattr()))
print(fd:fxattr{['user.x'] = 'by', ['user.y'] = 'descriptor'}, show(fd:fxattr()), show(S.fxattr(fd)))
print(fd:fxattr{}, show(fd:fxattr()))

-- read through one, written through another
assert(S.setxattr(path, 'user.k', 'v'))
print(S.xattr(path)['user.k'], S.fxattr(fd)['user.k'], S.lxattr(path)['user.k'], S.xattr(path)['user.none'])

-- errors come from the list
local r, err = S.xattr(path .. '.none')
print(r, err.noent)
local r, err = S.xattr(path .. '.none', {})
print(r, err.noent)
local r, err = S.fxattr(1000)
print(r, err.badf)

-- long values and many names
local big = {}
for i = 1, 12 do big[('user.name%02d'):format(i)] = ('v'):rep(i * 10) end
print(S.xattr(path, big))
local got = S.xattr(path)
local good = 0
for i = 1, 12 do if got[('user.name%02d'):format(i)] == ('v'):rep(i * 10) then good = good + 1 end end
print(good, #S.listxattr(path) >= 12)
print(fd:close(), S.unlink(path))

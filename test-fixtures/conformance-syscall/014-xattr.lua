-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- extended attributes by path, link and descriptor
local S = require 'syscall'
local path = '/tmp/ljs-xattr-' .. S.getpid()
local function sym(ok, err) return ok and 'ok' or err.sym end
local function names(l)
    local r = {}
    for _, n in ipairs(l) do if n:find('^user%.') then r[#r + 1] = n end end
    table.sort(r)
    return table.concat(r, ' ')
end

assert(S.writefile(path, 'x', 'IRUSR, IWUSR'))
print('[' .. names(assert(S.listxattr(path))) .. ']')

print(S.setxattr(path, 'user.one', 'first', 'create'))
print(S.getxattr(path, 'user.one'), #S.getxattr(path, 'user.one'))
print(sym(S.setxattr(path, 'user.one', 'again', 'create')))
print(S.setxattr(path, 'user.one', 'replaced', 'replace'), S.getxattr(path, 'user.one'))
print(sym(S.setxattr(path, 'user.two', 'x', 'replace')) ~= 'ok')
print(S.setxattr(path, 'user.two', ''), S.getxattr(path, 'user.two') == '')
print(S.setxattr(path, 'user.bin', 'a\0b\255'), S.getxattr(path, 'user.bin') == 'a\0b\255')
print(names(S.listxattr(path)))

-- missing: ENODATA, which is also called ENOATTR
local v, err = S.getxattr(path, 'user.none')
print(v, err.nodata, err.noattr, err.ENODATA)
local ok, err = S.removexattr(path, 'user.none')
print(ok, err.nodata)

-- by descriptor
local fd = assert(S.open(path, 'rdwr'))
print(fd:fsetxattr('user.fd', 'by fd'), fd:fgetxattr('user.fd'), S.fgetxattr(fd, 'user.one'))
print(names(fd:flistxattr()))
print(fd:fremovexattr('user.fd'), names(S.flistxattr(fd)))
print(fd:setxattr('user.short', 'name'), fd:fgetxattr('user.short'), fd:fremovexattr('user.short'))

-- the l functions do not follow a link; the others do
assert(S.symlink(path, path .. '.l'))
print(S.getxattr(path .. '.l', 'user.one'))
print(sym(S.lgetxattr(path .. '.l', 'user.one')) ~= 'ok', '[' .. names(S.llistxattr(path .. '.l')) .. ']')
print(S.lgetxattr(path, 'user.one'), S.lsetxattr(path, 'user.l', '1'), S.lremovexattr(path, 'user.l'))
print(sym(S.listxattr(path .. '.none')), sym(S.setxattr(path .. '.none', 'user.a', 'b')))
print((pcall(S.setxattr, path, 'user.a', 'b', 'perhaps')))
print(S.removexattr(path, 'user.one'), S.removexattr(path, 'user.two'), S.removexattr(path, 'user.bin'))
print('[' .. names(S.listxattr(path)) .. ']')
print(S.unlink(path .. '.l'), S.unlink(path), fd:close())

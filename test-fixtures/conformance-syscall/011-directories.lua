-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- mkdir, rmdir, chdir, fchdir, getcwd, getdents, dirfile, ls
local S = require 'syscall'
local dir = '/tmp/ljs-dir-' .. S.getpid()
local function sym(ok, err) return ok and 'ok' or err.sym end
local start = assert(S.getcwd())

print(S.mkdir(dir, 'IRWXU'), sym(S.mkdir(dir, 'IRWXU')), S.stat(dir).isdir)
print(S.chdir(dir), S.getcwd() == dir)
assert(S.mkdir('sub', 'IRWXU'))
assert(S.writefile('file', 'x', 'IRUSR, IWUSR'))
assert(S.symlink('file', 'link'))

-- getdents gives a table by name
local fd = assert(S.open('.', 'rdonly, directory'))
local d = assert(fd:getdents())
local names = {}
for name in pairs(d) do names[#names + 1] = name end
table.sort(names)
print(table.concat(names, ' '))
print(d.sub.dir, d.file.reg, d.link.lnk, d['.'].dir, d['..'].dir)
print(d.sub.reg, d.file.dir, d.file.DT_REG, d.file.fifo)
print(d.file.inode == S.stat('file').ino, d.file.type == S.DT_REG, type(d.file.offset))
print(next(assert(fd:getdents())))          -- already at the end
assert(fd:close())

-- the same in one step, with and without the dots
local e = assert(S.dirfile(dir))
print(e.file.reg, e['.'] ~= nil)
e = assert(S.dirfile(dir, true))
print(e.file.reg, e['.'], e['..'])
print(sym(S.dirfile(dir .. '/nothing')), sym(S.dirfile(dir .. '/file')))

-- ls: a list that prints one name per line, sorted
print(#S.ls(dir), #S.ls(dir, true))
print(tostring(S.ls(dir, true)))
print(tostring(S.ls(nil, true)) == tostring(S.ls(dir, true)))

-- moving about
print(S.chdir('sub'), S.getcwd() == dir .. '/sub', S.chdir('..'), S.getcwd() == dir)
local root = assert(S.open('/', 'rdonly'))
print(root:fchdir(), S.getcwd(), root:chdir(), S.getcwd())
print(sym(S.chdir(dir .. '/file')), sym(S.chdir(dir .. '/nothing')))
print(sym(S.rmdir(dir)), sym(S.rmdir(dir .. '/file')))
print(S.unlink(dir .. '/file'), S.unlink(dir .. '/link'), S.rmdir(dir .. '/sub'), S.rmdir(dir))
local fd = assert(S.open('/dev/null'))
local r, err = fd:getdents()
print(r, err.notdir)
assert(S.chdir(start))

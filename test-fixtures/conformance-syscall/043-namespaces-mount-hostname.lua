-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- needs: root
-- private UTS and mount namespaces in a child: host name, tmpfs, bind, chroot
local S = require 'syscall'
local dir = '/tmp/ljs-ns-' .. S.getpid()

local p = assert(S.pipe())
local host = assert(S.gethostname())
local pid = assert(S.fork())
if pid == 0 then
    p[1]:close()
    local function say(...)
        local l = {...}
        for i = 1, select('#', ...) do l[i] = tostring(l[i]) end
        p[2]:write(table.concat(l, '\t') .. '\n')
    end
    local ok, err = pcall(function()
        assert(S.unshare('newuts, newns'))
        say(S.sethostname('in-the-child'), S.gethostname(), S.uname().nodename)
        local r, e = S.sethostname(('x'):rep(65))
        say(r, e.inval)

        assert(S.mount('none', '/', nil, 'private, rec'))
        assert(S.mkdir(dir, 'IRWXU'))
        say(S.mount('none', dir, 'tmpfs', 'nosuid, noexec', 'size=8192,mode=700'))
        say(S.statfs(dir).f_blocks == 2, S.stat(dir).mode == S.mode('IFDIR, IRWXU'))
        assert(S.writefile(dir .. '/f', 'inside', 'IRWXU'))
        -- a program there may not run
        local child = S.fork()
        if child == 0 then
            local r, e = S.execve(dir .. '/f', {'f'}, {})
            S._exit(e.acces and 5 or 1)
        end
        say(S.waitpid(child).EXITSTATUS)
        -- it is full after two pages
        local fd = assert(S.creat(dir .. '/big', 'IRWXU'))
        local n, e = fd:write(('x'):rep(5000))
        say(n == 4096 or n, S.stat(dir .. '/big').size <= 8192)
        assert(fd:close())
        -- read only from now on
        say(S.mount('none', dir, 'tmpfs', 'remount, rdonly', nil))
        local r, e = S.writefile(dir .. '/g', 'x', 'IRWXU')
        say(r, e.rofs)
        r, e = S.umount(dir .. '/f')
        say(r, e.inval)
        -- busy while in use, unless detached
        local keep = assert(S.open(dir .. '/f'))
        r, e = S.umount(dir)
        say(r, e.busy)
        say(S.umount(dir, 'detach, nofollow'), keep:read(), keep:close())
        r, e = S.stat(dir .. '/f')
        say(r, e.noent)

        -- bind mount and chroot
        assert(S.mkdir(dir .. '/root', 'IRWXU'))
        assert(S.writefile(dir .. '/root/here', '', 'IRWXU'))
        assert(S.mkdir(dir .. '/bound', 'IRWXU'))
        say(S.mount(dir .. '/root', dir .. '/bound', nil, 'bind'), S.stat(dir .. '/bound/here').isreg, S.umount(dir .. '/bound'))
        r, e = S.stat(dir .. '/bound/here')
        say(r, e.noent)
        say(S.rmdir(dir .. '/bound'), S.chroot(dir .. '/root'), S.chdir('/'), S.getcwd(), tostring(S.ls('/', true)))
        r, e = S.mount('none', '/nowhere', 'tmpfs')
        say(r, e.noent)
        say((pcall(S.mount, 'none', '/', 'tmpfs', 'readonly')))
    end)
    if not ok then say('failed', tostring(err)) end
    S._exit(0)
end
assert(p[2]:close())
local out = {}
repeat
    local s = assert(p[1]:read())
    out[#out + 1] = s
until s == ''
print((table.concat(out):gsub('\n$', '')))
print(S.waitpid(pid).EXITSTATUS, S.gethostname() == host)
print(S.unlink(dir .. '/root/here'), S.rmdir(dir .. '/root'), S.rmdir(dir))

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- watching a directory
local S = require 'syscall'
local dir = '/tmp/ljs-inotify-' .. S.getpid()
assert(S.mkdir(dir, 'IRWXU'))
local function show(fd)
    for _, e in ipairs(assert(fd:inotify_read())) do
        local what = {}
        for _, k in ipairs{'create', 'delete', 'modify', 'attrib', 'close_write', 'close_nowrite', 'open',
            'moved_from', 'moved_to', 'delete_self', 'isdir', 'ignored'} do
            if e[k] then what[#what + 1] = k end
        end
        print(e.name, table.concat(what, ' '))
    end
end

local fd = assert(S.inotify_init('nonblock, cloexec'))
local wd = assert(fd:inotify_add_watch(dir, 'create, delete, move'))
print(type(wd), wd >= 1)
local n, err = fd:inotify_read()
print(n, err.again)

assert(S.writefile(dir .. '/a', 'x', 'IRUSR, IWUSR'))
assert(S.mkdir(dir .. '/d', 'IRWXU'))
assert(S.unlink(dir .. '/a'))
assert(S.rmdir(dir .. '/d'))
show(fd)

-- single events
assert(S.writefile(dir .. '/b', 'y', 'IRUSR, IWUSR'))
local ev = assert(fd:inotify_read())
print(#ev, ev[1].wd == wd, ev[1].mask == S.IN_CREATE, ev[1].cookie, ev[1].name)
print(ev[1].create, ev[1].IN_CREATE, ev[1].CREATE, ev[1].delete, ev[1].nosuchthing)

-- more events by adding to the mask, on a file
local wf = assert(fd:inotify_add_watch(dir .. '/b', 'modify, close_write, attrib'))
print(wf ~= wd)
assert(S.writefile(dir .. '/b', 'changed'))
assert(S.chmod(dir .. '/b', 'IRUSR'))
show(fd)
print(fd:inotify_rm_watch(wf))
show(fd)

-- the numeric form, and close events of a directory
print(fd:inotify_add_watch(dir, S.IN_OPEN + S.IN_CLOSE + S.IN_ISDIR) == wd)
assert(assert(S.open(dir .. '/b')):close())
show(fd)

-- errors
local ok, err = fd:inotify_rm_watch(1234)
print(ok, err.inval)
local ok, err = fd:inotify_add_watch(dir .. '/none', 'create')
print(ok, err.noent)
print((pcall(fd.inotify_add_watch, fd, dir, 'explode')), (pcall(S.inotify_init, 'blocking')))
assert(fd:inotify_add_watch(dir, 'delete, delete_self, onlydir'))
assert(S.unlink(dir .. '/b'))
assert(S.rmdir(dir))
show(fd)
print(fd:close())

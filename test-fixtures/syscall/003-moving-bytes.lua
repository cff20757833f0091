-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Bytes from descriptor to descriptor, vectors, times, mapped files, locks.
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
local S = require 'syscall'
local t = S.t
local function sym (ok, err) return ok and 'ok' or err.sym end

local path = '/tmp/syscall-bytes-' .. S.getpid()
local f = assert(S.open(path, 'creat, excl, rdwr', 'irusr, iwusr'))
assert(S.unlink(path))
assert(f:write('hello world'))
assert(f:lseek(0, 'set'))
local p, q = assert(S.pipe()), assert(S.pipe())

-- sendfile
print(S.sendfile(p[2], f, nil, 5), p[1]:read(), tonumber(f:lseek(0, 'cur')))
local r = S.sendfile(p[2], f, 3, 5)
print(r.count, r.offset, p[1]:read(), tonumber(f:lseek(0, 'cur')))
print(p[2]:sendfile(f, 0, 100).count, p[1]:read(), sym(S.sendfile(p[2], p[1], nil, 5)))

-- splice, tee, vmsplice
assert(f:lseek(0, 'set'))
print(f:splice(nil, p[2], nil, 5), p[1]:read(), S.splice(f, 6, p[2], nil, 5, 'nonblock, move'), p[1]:read())
local offset = t.loff1(2)
print(S.splice(f, offset, p[2], nil, 3, S.SPLICE_F_MORE), offset[0] == 5, p[1]:read())
assert(p[2]:write('teed'))
print(p[1]:tee(q[2], 4, 'nonblock'), q[1]:read(), p[1]:read())
print(p[2]:vmsplice({ { 'abcdef', 6 } }, 'nonblock'), p[1]:read(), S.vmsplice(p[2], { 'ab', 'cd' }), p[1]:read())
print((pcall(S.splice, f, nil, p[2], nil, 1, 'slowly')), sym(S.tee(f, p[2], 1)))

-- vectors
assert(f:lseek(0, 'set'))
print(f:writev({ 'x', 'yy' }), f:lseek(0, 'set') == 0)
local a, b = t.buffer(3), t.buffer(4)
print(f:readv{ { a, 3 }, { b, 4 } }, S.string(a, 3), S.string(b, 4))
local v = t.iovecs { 5, 'abc', { a, 2 }, { 'long text', 4 } }
print(#v, v[1].iov_len == 5, v[2].iov_len == 3, v[3].iov_len == 2, v[4].iov_len == 4, v[5], v.count)
v[1] = { b, 1 }
print(v[1].iov_len == 1, (pcall(function () v[5] = 'x' end)), (pcall(t.iovecs, { {} })), (pcall(t.iovecs, { { a, 4 } })))
print(f:pwritev({ 'PP', 'QQ' }, 2), f:preadv({ { b, 4 } }, 2), S.string(b, 4), f:preadv({ { b, 4 } }, 2, 'hipri') or 'no')

-- times of a file
print(f:futimens(), f:futimens { 1.5, 2 }, f:stat().atime, f:stat().mtime, f:futimens { 'now', 'omit' }, f:stat().mtime)
print(f:utimens { t.timespec(9), { 4, 5 } }, f:stat().atime, f:stat().mtime, tonumber(f:stat().st_mtime_nsec))
local pair = t.timespec2()
pair[0].tv_sec = 77
print(f:futimens(pair), f:stat().atime, (pcall(f.futimens, f, { 'soon', 'omit' })))

-- a mapped file
assert(f:truncate(4096))
local m = assert(S.mmap(nil, 4096, 'read, write', 'shared', f, 0))
S.copy(m, 'MAPPED')
local buffer = t.buffer(6)
print(f:pread(buffer, 6, 0), S.string(buffer, 6), S.msync(m, 4096, 'sync'), S.mprotect(m, 4096, 'read'), S.munmap(m, 4096))

-- copies within the kernel
local c, d = assert(S.memfd_create('c', 'cloexec')), assert(S.memfd_create('d'))
assert(c:write('0123456789'))
print(S.copy_file_range(c, 2, d, 0, 5), d:pread(buffer, 6, 0), S.string(buffer, 5))

-- locks: of the process by fcntl, of the open file by lock and flock
print(f:fcntl('setlk', { type = 'wrlck', start = 0, len = 10 }), f:fcntl('getlk', { type = 'rdlck' }).l_type == S.F_UNLCK)
print(S.fcntl(f, 'setlk', { type = 'unlck' }))
local other = assert(S.open('/proc/self/fd/' .. f.fileno, 'rdwr'))
print(f:lock('wrlck'), sym(other:lock('rdlck')), f:unlock(), other:lock('rdlck', { start = 5, len = 1 }), other:unlock())
print(f:flock('ex'), sym(other:flock('sh, nb')), f:flock('un'), other:flock('sh'), (pcall(f.flock, f, 'half')))

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What cannot be meant is an error that says so: constants, buffers, descriptors, addresses, never a crash.
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
local S = require 'syscall'
local t = S.t
local function fails (f, ...)
  local ok, err = pcall(f, ...)
  err = tostring(err):gsub('^%S+:%d+: ', '')
  print(ok, err)
end
local function sym (ok, err) return ok and 'ok' or err.sym end

-- constants
fails(S.open, '/', 'rdonly, nosuch')
fails(S.lseek, 0, 0, 'middle')
fails(S.access, '/', 'rq')
fails(S.kill, 1, 'sigbogus')
fails(t.sigset().add, t.sigset(), 'usr1, bogus')
fails(S.open, '/', {})
fails(S.sigaction, 'usr1', 'maybe')
print(S.open('/', ' O_RDONLY ,Directory, ') ~= nil, S.mode(' irusr,,iwusr '), S.O_NOSUCH, S.nosuch)
-- numbers above 31 bits mean the same to the kernel
print(bit.tobit(S.CLONE_IO + S.CLONE_NEWNET) == bit.tobit(0xc0000000), S.mode(-1), sym(S.unshare(0)))

-- descriptors
fails(S.read, 'stdlog')
fails(S.read, {})
fails(S.close)
local fd = assert(S.open('/dev/zero'))
fails(function () return fd.nosuchmethod end)
fails(function () fd:nosuchmethod() end)
print(fd:close(), sym(fd:read()), sym(fd:stat()), sym(fd:dup()), sym(S.poll({ { fd = fd } }, 0)), fd:close())
print(sym(S.mmap(nil, 4096, 'read', 'private', fd, 0)), sym(S.select { readfds = { fd }, timeout = 0 }), sym(S.fchmodat(fd, 'x', 0)))

-- buffers
local small = t.buffer(8)
local zero = assert(S.open('/dev/zero'))
fails(S.read, zero, small, 9)
fails(S.read, zero, small)
fails(S.read, zero, 'a string', 4)
fails(S.write, zero, small)
fails(S.write, zero, small, 9)
fails(S.pread, zero, small, 100, 0)
fails(S.recv, zero, small, 100)
fails(S.fstat, zero, small)
fails(S.fstat, zero, t.timespec())
fails(S.getdents, zero, small, 100)
-- how large an event is depends on the processor
print((select(2, pcall(S.epoll_wait, zero, t.epoll_events(2), 3)):match('the buffer has room for')))
fails(S.klogctl, 3, small, 100)
print(zero:read(small, 8), zero:read(nil, 0) == '', (pcall(zero.read, zero, small, -1)))
fails(S.readv, zero, { {} })
fails(S.readv, zero, { { small, 100 } })
fails(S.readv, zero, { true })
-- a count beyond a string stops at its end
local null = assert(S.open('/dev/null', 'wronly'))
print(null:write('abc', 100), null:write('abc', 2), null:pwrite('abc', 100, 0))

-- paths, addresses, structures
fails(S.open, nil)
fails(S.open, 5)
fails(S.open, '/etc/passwd\0.png')
fails(S.rename, '/tmp/none', '/tmp/\0')
fails(S.getxattr, '/\0', 'user.x')
fails(S.bind, zero, 'localhost')
fails(S.getpriority, 'process', {})
fails(S.setrlimit, 'nofile', 5)
fails(S.nanosleep, 'long')
fails(t.itimerspec, 'often')
fails(S.tcsetattr, zero, 'now', {})
fails(S.setsockopt, zero, 'socket', 'reuseaddr', {})
fails(S.sendfds, zero)
fails(S.execve, '/bin/true', { true }, {})
fails(S.syscall, 'nosuchcall')
fails(S.syscall, S.SYS_getpid, {})
fails(function () t.sockaddr_in(1).nosuchfield = 2 end)
print(S.t.nosuchtype, S.pt.nosuchtype, t.error(9999).sym, t.error(9999).lsym, tostring(t.error(9999)), t.error(2).nosuch, t.error(2)[1])
print(t.pollfds(2)[3], t.pollfds(2)[0], (pcall(function () t.pollfds(1)[2] = { fd = 0 } end)))
print(sym(S.setsockopt(zero, 'socket', 'reuseaddr', true)), sym(zero:getdents()), sym(S.syscall('getdents64', -1, 0, 0)))
print(#S.getrandom(16), S.getrandom(small, 8), (pcall(S.getrandom, small, 9)))

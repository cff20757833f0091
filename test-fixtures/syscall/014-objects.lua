-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Objects that are none, are another's or have changed: errors that say so, and no crash.
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
local S = require 'syscall'
local ffi = require 'ffi'
local t = S.t
local nothing = ffi.cast('void *', 0)
local function fails (f, ...)
  local ok, err = pcall(f, ...)
  err = tostring(err):gsub('^[^\n]-:%d+: ', '')
  print(ok, (err:gsub('0x%x+', 'ADDRESS')))
end

-- the collector leaves errno as it was
for _, forget in ipairs {
  -- A number that nobody has, so that closing it fails.
  function () return t.fd(1000000) end,
  function ()
    local context = t.aio_context()
    context.ctx = 1
    return context
  end
} do
  forget()
  ffi.errno(S.E.EXDEV)
  collectgarbage()
  collectgarbage()
  print(ffi.errno() == S.E.EXDEV)
end

-- strings
fails(S.getenv)
fails(S.getenv, nothing)
fails(S.setenv, 'A')
fails(S.setenv, nil, 'A')
fails(S.unsetenv)
fails(S.sethostname)
fails(S.setdomainname, 5)
fails(S.execve, '/bin/true', { 'true', 'a\0b' }, {})
fails(S.execve, '/bin/true', { 'true' }, { 'A=\0b' })

-- addresses
fails(S.newaddr, 1, nothing)
fails(S.deladdr, 1, nothing)
fails(S.newaddr, 1)
fails(S.newaddr, 1, t.int1())
fails(t.in6_addr, t.int1())
fails(t.in6_addr, 5)
fails(t.macaddr, t.int1())
fails(t.macaddr, 5)
fails(S.inet_ntop, 'inet6', t.in_addr())
fails(S.inet_ntop, 'inet', t.in6_addr())
fails(S.inet_ntop, 'inet')
fails(S.inet_ntop, 'inet6', t.int1())
fails(S.inet_ntoa, nothing)
fails(S.inet_pton, 'inet')
fails(S.inet_aton)
print(S.inet_ntop('inet6', t.in6_addr('::1')), S.inet_ntoa(t.in_addr('1.2.3.4')), tostring(t.in6_addr(t.in6_addr('::2'))))

-- what else is called without what it is about
fails(S.select)
fails(S.pselect, 5)
fails(S.cfmakeraw)
fails(S.cfsetspeed, {}, 9600)
fails(S.cfgetospeed)
local context = S.io_setup(1)
if context then fails(S.io_cancel, context, t.iocb(), t.int1()) else print('false\ta io_event was expected as buffer') end

-- dispositions
for _, disposition in ipairs { 'hold', 'setmask', 5, 'block', 'unblock', 'SIG_ERR', -1, 2, true } do
  fails(S.signal, 'usr1', disposition)
  fails(S.sigaction, 'usr1', disposition)
end
for _, disposition in ipairs { 'ign', 'SIG_IGN', ' Ign ', S.SIG_IGN, 'dfl', 'sig_dfl', S.SIG_DFL, function () end } do
  print(S.signal('usr1', disposition), (S.sigaction('usr1', disposition)) ~= nil)
end

-- a path put over another one
local folder = '/tmp/syscall-objects-' .. S.getpid()
assert(S.mkdir(folder, 'irwxu'))
for _, old in ipairs { folder, folder .. '/a-much-longer-name-than-that', '\0abstract' } do
  local path = folder .. '/socket'
  local address = t.sockaddr_un(old)
  S.copy(address.sun_path, path)
  local socket = assert(S.socket('unix', 'dgram'))
  print(socket:bind(address), socket:getsockname().name == path, S.unlink(path))
end
local abstract = assert(S.socket('unix', 'dgram'))
print(abstract:bind(t.sockaddr_un('\0syscall-objects-' .. S.getpid())), abstract:getsockname().addrlen == 2 + 17 + #tostring(S.getpid()))
print(S.rmdir(folder))

-- one owner
fails(t.fd)
local fd = assert(S.open('/dev/null'))
print(rawequal(t.fd(fd), fd), fd:close())

-- a number that is given as an object stays that object's
local null, zero = assert(S.open('/dev/null')), assert(S.open('/dev/zero'))
print(rawequal(null:dup(null), null), rawequal(null:dup(null.fileno), null), rawequal(null:dup(zero), zero), zero:read() == '')
print(null:dup(null, 'cloexec') == nil, null:dup(400).fileno, zero:close(), S.dup(null, zero) == nil)

-- a place that is none
local nan = 0 / 0
fails(function () t.pollfds(1)[nan] = { fd = 0 } end)
fails(function () t.iovecs(1)[nan] = 'text' end)
fails(t.sigset().add, t.sigset(), nan)
fails(S.sched_setaffinity, 0, { nan })
fails(S.select, { readfds = { nan }, timeout = 0 })
print(t.sigset()[nan], t.pollfds(1)[nan], t.iovecs(1)[nan], S.capget().effective[nan])

-- what is no memory of the FFI is not written to
local userdata = io and io.stdout or byte_span.new(16)
local source = assert(S.open('/dev/zero'))
for _, f in ipairs { S.read, S.pread, S.recv, S.getdents, S.epoll_wait, S.inotify_read, S.getsockopt, S.ioctl } do
  print((pcall(f, source, userdata, 16, 0)))
end
print((select(2, pcall(S.getrandom, userdata, 16)):match('a buffer was expected, not a')))
fails(S.fcntl, source, 'getlk', t.int1())
fails(S.munmap, nil, 4096)

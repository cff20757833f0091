-- SPDX-License-Identifier: MIT OR BSL-1.0
-- No count and no length makes a call read or write outside of what it was given.
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
local S = require 'syscall'
local ffi = require 'ffi'
local t = S.t
local nan = 0 / 0
local function fails (f, ...)
  local ok, err = pcall(f, ...)
  err = tostring(err):gsub('^[^\n]-:%d+: ', '')
  print(ok, err)
end

-- counts that are none
local small = t.buffer(8)
local zero, null = assert(S.open('/dev/zero')), assert(S.open('/dev/null', 'wronly'))
local pair = assert(S.socketpair('unix', 'stream'))
for _, count in ipairs { -1, nan, -2^40 } do
  print(count < 0, count ~= count)
  fails(S.read, zero, small, count)
  fails(S.read, zero, nil, count)
  fails(S.pread, zero, small, count, 0)
  fails(S.write, null, small, count)
  fails(S.write, null, 'text', count)
  fails(S.pwrite, null, 'text', count, 0)
  fails(S.send, pair[1], 'text', count)
  fails(S.sendto, pair[1], 'text', count)
  fails(S.recv, pair[2], small, count)
  fails(S.recvfrom, pair[2], small, count)
  fails(S.getrandom, small, count)
  fails(S.sendmmsg, pair[1], t.mmsghdrs(1), count)
  fails(S.recvmmsg, pair[2], t.mmsghdrs(1), count)
  fails(S.writev, null, { { 'text', count } })
  fails(S.writev, null, { { small, count } })
  fails(S.readv, zero, { count })
end
print(zero:read(small, 8), null:write('text', 0), null:write('text', 4), null:writev { { 'text', 2 }, 'more' })

-- options
local socket = assert(S.socket('inet', 'stream'))
fails(S.getsockopt, socket, 'socket', 'rcvtimeo', t.int1(), 4000)
fails(S.getsockopt, socket, 'socket', 'rcvtimeo', t.timeval(), -1)
fails(S.getsockopt, socket, 'socket', 'rcvtimeo', nil, 16)
fails(S.getsockopt, socket, 'socket', 'rcvtimeo', 'text')
fails(S.getsockopt, socket, 'socket', 'type', ffi.cast('void *', small))
fails(S.setsockopt, socket, 'socket', 'rcvtimeo', t.timeval(1), 4000)
fails(S.setsockopt, socket, 'socket', 'rcvtimeo', t.timeval(1), nan)
fails(S.setsockopt, socket, 'socket', 'bindtodevice', 'lo', 16)
fails(S.setsockopt, socket, 'socket', 'bindtodevice', 'lo', -1)
print(socket:setsockopt('socket', 'rcvtimeo', t.timeval(1), 16), socket:getsockopt('socket', 'rcvtimeo', t.timeval()).time)
print(socket:getsockopt('socket', 'type', nil, 4) == S.SOCK_STREAM, socket:getsockopt('socket', 'type') == S.SOCK_STREAM)

-- addresses
assert(socket:bind(t.sockaddr_in(0, '127.0.0.1')))
assert(socket:listen())
local function client ()
  local c = assert(S.socket('inet', 'stream'))
  assert(c:connect(socket:getsockname()))
  return c
end
fails(S.accept, socket, nil, t.sockaddr(), 4000)
fails(S.accept, socket, nil, t.sockaddr(), -1)
fails(S.accept, socket, nil, 'address')
fails(S.bind, socket, t.sockaddr_in(), 100)
local own = client()
print(tostring(socket:accept(nil, t.sockaddr_in()).addr.addr))
own = client()
-- only the family and the port have room
local cut = socket:accept(nil, t.sockaddr(), 4).addr
print(cut.family == S.AF_INET, cut.port == own:getsockname().port, tostring(cut.addr))

-- objects of one type with different sizes
local large, one = t.inotify_event(4000), t.inotify_event(1)
print(zero:read(large, 3000))
fails(S.read, zero, one, 3000)
print(zero:read(t.inotify_event(4000), 3000))
fails(S.read, zero, t.iovecs(1), 3000)
fails(S.read, zero, t.pollfds(1), 3000)

-- strings are as long as they are
fails(S.eventfd_write, assert(S.eventfd()), 'few')
fails(S.eventfd_read, assert(S.eventfd()), t.int1())
fails(S.timerfd_read, assert(S.timerfd_create('monotonic')), t.buffer(4))

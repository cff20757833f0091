-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What coroutines cost on LuaJIT whoever gives them: a coroutine a connection over a level-triggered epoll loop, by the
-- FFI alone, without checks, errors or cancellations. Its argument says what it serves: "stream", or "descriptors", which
-- the collector closes if nobody does. Prints "port N"; its name is that of N (abstract). For x86-64.
local ffi = require 'ffi'

ffi.cdef [[
typedef struct __attribute__((packed)) { uint32_t events; int32_t fd, unused; } epoll_event;
typedef struct { uint16_t family; char path[108]; } unix_address;
typedef struct { void *base; size_t length; } piece;
typedef struct { void *name; uint32_t name_length; piece *pieces; size_t pieces_length; void *control; size_t control_length; int flags; } message;
typedef struct { size_t length; int level, type, fd, padding; } right;
typedef struct { int fd; } descriptor;
int socket(int, int, int); int bind(int, const void *, uint32_t); int listen(int, int); int accept4(int, void *, void *, int);
int epoll_create1(int); int epoll_ctl(int, int, int, epoll_event *); int epoll_wait(int, epoll_event *, int, int);
long recv(int, void *, size_t, int); long send(int, const void *, size_t, int);
long recvmsg(int, message *, int); long sendmsg(int, const message *, int);
int close(int); int getpid(void);
]]
local C = ffi.C
local IN, ADD, NOSIGNAL, CLOEXEC = 1, 1, 0x4000, 0x40000000
local NONBLOCK_CLOEXEC = 0x80800

local kind, size, batch = (...), 16384, 256
local name = 'emilua-benchmark-' .. C.getpid()
local address = ffi.new('unix_address', { family = 1 })
ffi.copy(address.path + 1, name)
local own = C.socket(1, 1 + NONBLOCK_CLOEXEC, 0)
assert(own >= 0 and C.bind(own, address, 3 + #name) == 0 and C.listen(own, 4096) == 0)

local epoll, events = C.epoll_create1(0), ffi.new('epoll_event[?]', batch)
local function watch (fd)
  local event = ffi.new('epoll_event', { events = IN, fd = fd })
  assert(C.epoll_ctl(epoll, ADD, fd, event) == 0)
end

local wait = coroutine.yield

local function serve_stream (fd)
  local buffer = ffi.new('uint8_t[?]', size)
  while true do
    wait()
    local n = C.recv(fd, buffer, size, 0)
    if n <= 0 or C.send(fd, buffer, n, NOSIGNAL) ~= n then return end
  end
end

local owned = ffi.metatype('descriptor', { __gc = function (self) if self.fd >= 0 then C.close(self.fd) end end })
local space = ffi.sizeof('right')

local function serve_descriptors (fd)
  local buffer, control = ffi.new('uint8_t[?]', size), ffi.new('right')
  local data = ffi.new('piece', { buffer, size })
  local m = ffi.new('message', { pieces = data, pieces_length = 1, control = control })
  while true do
    wait()
    data.length, m.control_length = size, space
    local n = C.recvmsg(fd, m, CLOEXEC)
    if n <= 0 or m.control_length == 0 then return end
    local passed = { owned(control.fd) }
    data.length, control.fd = n, passed[1].fd
    if C.sendmsg(fd, m, NOSIGNAL) ~= n then return end
    C.close(passed[1].fd)
    passed[1].fd = -1
  end
end

local serve, waiting = kind == 'stream' and serve_stream or serve_descriptors, {}

local function start (fd)
  watch(fd)
  waiting[fd] = coroutine.create(function () serve(fd) waiting[fd] = nil C.close(fd) end)
  coroutine.resume(waiting[fd])
end

watch(own)
print('port ' .. C.getpid())
io.stdout:flush()
while true do
  for i = 0, C.epoll_wait(epoll, events, batch, -1) - 1 do
    local fd = events[i].fd
    if fd ~= own then
      assert(coroutine.resume(waiting[fd]))
    else
      while true do
        local client = C.accept4(own, nil, nil, NONBLOCK_CLOEXEC)
        if client < 0 then break end
        start(client)
      end
    end
  end
end

-- Actors of one context run at the same time once it has threads: each of these blocks its thread until all the
-- others did, too.
local inbox = require 'inbox'
local ffi = require 'ffi'
ffi.cdef[[
  int eventfd(unsigned value, int flags);
  struct pollfd { int fd; short events, revents; };
  int poll(struct pollfd *fds, unsigned long n, int timeout);
  long write(int fd, const void *data, size_t size);
  int close(int fd);
]]
local actors = 3
if _CONTEXT == 'main' then
  spawn_context_threads(actors)
  local fds = {}
  for i = 1, actors do fds[i] = ffi.C.eventfd(0, 0) end
  for i = 1, actors do spawn_vm('.'):send{ own = i, fds = fds, to = inbox } end
  for _ = 1, actors do print(inbox:receive()) end
  for i = 1, actors do ffi.C.close(fds[i]) end
else
  local order = inbox:receive()
  ffi.C.write(order.fds[order.own], ffi.new('uint64_t[1]', 1), 8)
  local met = 0
  for _, fd in ipairs(order.fds) do
    met = met + ffi.C.poll(ffi.new('struct pollfd[1]', { { fd, 1 } }), 1, 5000)
  end
  order.to:send('met ' .. met)
end

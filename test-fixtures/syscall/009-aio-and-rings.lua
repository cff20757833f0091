-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Input and output that completes later: contexts of the first kind, io_uring.
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- needs: io_uring
local S = require 'syscall'
local t = S.t
local function sym (ok, err) return ok and 'ok' or err.sym end

local path = '/var/tmp/syscall-aio-' .. S.getpid()
local fd = assert(S.open(path, 'creat, excl, direct, rdwr', 'irwxu'))
assert(S.unlink(path))
local memory = assert(S.mmap(nil, 4096, 'read, write', 'private, anonymous', -1, 0))
S.copy(memory, 'asynchronously')
assert(fd:pwrite(memory, 4096, 0))
S.fill(memory, 4096)
local context = assert(S.io_setup(8))
local event = assert(S.eventfd())
print(type(context), context:submit { { cmd = 'pread', data = 42, fd = fd, buf = memory, nbytes = 4096, offset = 0, resfd = event } })
local events = assert(context:getevents(1, 1))
print(#events, events.count, events[1].data == 42, events[1].res == 4096, S.string(memory), event:eventfd_read())
S.copy(memory, 'written')
print(context:submit { { cmd = 'pwrite', fd = fd, buf = memory, nbytes = 4096 }, { cmd = 'pwrite', fd = fd, buf = memory, nbytes = 4096, offset = 4096 } })
events = assert(context:getevents(2, 4, 5))
print(events.count, #events, fd:stat().size, context:getevents(0, 1, 0).count)
print((pcall(context.submit, context, { { cmd = 'guess', fd = fd } })), sym(context:submit { { cmd = 'pread', fd = 1000, buf = memory, nbytes = 1 } }))
-- the collector destroys it: a copy of its number is worth nothing then
local copy = t.aio_context()
S.copy(copy, context, S.sizeof(t.aio_context))
context = nil
collectgarbage()
collectgarbage()
print(sym(S.io_destroy(copy)))
local another = assert(S.io_setup(1))
print(another:destroy(), another:destroy(), sym(S.io_setup(0)))

local ring = assert(S.io_uring(4))
local buffer = t.buffer(16)
local file = assert(S.open('/proc/self/stat'))
print(ring:prepare { opcode = 'read', fd = file, buf = buffer, len = 16, user_data = 7 }, ring:prepare { opcode = 'nop', user_data = 8 }, ring:submit(2))
local seen = {}
for _, c in ipairs(ring:completions()) do seen[c.user_data] = c end
print(seen[7].res == 16, seen[7].err, S.string(buffer, 16):match('^%d+') == tostring(S.getpid()), seen[8].res, #ring:completions())
print(ring:prepare { opcode = 'read', fd = 1000, buf = buffer, len = 1, user_data = 9 }, ring:submit(1), ring:completions()[1].err.EBADF)
for i = 1, 4 do ring:prepare { opcode = 'nop', user_data = i } end
print(sym(ring:prepare { opcode = 'nop' }), ring:submit(4), #ring:completions(), (pcall(ring.prepare, ring, { opcode = 'guess' })))
print((pcall(ring.prepare, ring, { opcode = 'read', fd = file, buf = buffer, len = 17 })), ring:close(), ring:close())

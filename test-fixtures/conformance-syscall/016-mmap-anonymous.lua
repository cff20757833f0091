-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- anonymous memory: mmap, mremap, msync, madvise, mlock, munmap
local S = require 'syscall'
local t = S.t
local function sym(ok, err) return ok and 'ok' or err.sym end
local size = 4096

local mem = assert(S.mmap(nil, size, 'read, write', 'private, anonymous', -1, 0))
print(type(mem), mem ~= S.pointer(0))
S.copy(mem, 'written through a pointer')
print(S.string(mem), S.string(mem, 7))
local bytes = S.pt.uchar(mem)
print(bytes[0], bytes[24], bytes[25], bytes[4095])
bytes[4095] = 200
S.fill(mem, 7, 42)
print(S.string(mem, 10), bytes[4095])

print(S.msync(mem, size, 'sync'), S.msync(mem, size, 'async'), S.msync(mem, size, S.MS_SYNC))
print(S.madvise(mem, size, 'willneed'), S.madvise(mem, size, 'dontneed'), bytes[0], bytes[4095])
print(sym(S.madvise(mem, size, 9999)), (pcall(S.madvise, mem, size, 'forget')))

S.copy(mem, 'kept')
local bigger = assert(S.mremap(mem, size, size * 4, 'maymove'))
print(S.string(bigger), S.pt.uchar(bigger)[size * 4 - 1])
S.pt.uchar(bigger)[size * 4 - 1] = 1
local smaller = assert(S.mremap(bigger, size * 4, size))
print(smaller == bigger, S.string(smaller))
print(S.mlock(smaller, size), S.munlock(smaller, size))
print(S.munmap(smaller, size))

-- failures
print(sym(S.mmap(S.pointer(1), size, 'read', 'fixed, anonymous, private', -1, 0)))
print(sym(S.mmap(nil, 0, 'read', 'private, anonymous', -1, 0)))
print(sym(S.mmap(nil, size, 'read', 'private', 1000, 0)))
print(sym(S.munmap(S.pointer(1), size)))
print(sym(S.mlock(S.pointer(4096), size)))
print((pcall(S.mmap, nil, size, 'read, readd', 'private, anonymous', -1, 0)))

-- 'none' and numbers
local none = assert(S.mmap(nil, size, 'none', 'private, anonymous', -1, 0))
local p = assert(S.pipe())
print(sym(p[2]:write(none, 10)), S.munmap(none, size))
local num = assert(S.mmap(nil, size, S.PROT_READ + S.PROT_WRITE, S.MAP_PRIVATE + S.MAP_ANONYMOUS, -1, 0))
print(p[2]:write(num, 3), p[1]:read() == '\0\0\0', S.munmap(num, size))

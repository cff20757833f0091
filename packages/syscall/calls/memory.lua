-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Memory. Nothing here is unmapped by the collector.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local flags = import 'core/flags'
local call = import 'core/call'
local descriptors = import 'core/descriptors'
local C, nr = call.C, call.numbers
local bool, pointer = call.bool, call.pointer

ffi.cdef [[
void *sys_mmap(long, void *address, size_t length, int prot, int flags, int fd, int64_t offset) __asm__("syscall");
int sys_munmap(long, void *address, size_t length) __asm__("syscall");
void *sys_mremap(long, void *address, size_t old, size_t new, int flags, void *to) __asm__("syscall");
int sys_mprotect(long, void *address, size_t length, int prot) __asm__("syscall");
int sys_mlockall(long, int flags) __asm__("syscall");
int sys_munlockall(long) __asm__("syscall");
]]

local at = arguments.address
local protection, mapping = flags.list('PROT_'), flags.list('MAP_')

function S.mmap (address, length, prot, how, fd, offset)
  return pointer(C.sys_mmap(nr.mmap, address, length, protection(prot), mapping(how), descriptors.fileno(fd), offset))
end

function S.munmap (address, length) return bool(C.sys_munmap(nr.munmap, at(address), length)) end

local remapping = flags.list('MREMAP_')
function S.mremap (address, old, new, how, to)
  return pointer(C.sys_mremap(nr.mremap, at(address), old, new, remapping(how), to))
end

local syncing, advices, locking = flags.list('MS_'), flags.one('MADV_'), flags.list('MCL_')
function S.msync (address, length, how) return bool(C.sys_mprotect(nr.msync, at(address), length, syncing(how))) end
function S.madvise (address, length, advice) return bool(C.sys_mprotect(nr.madvise, at(address), length, advices(advice))) end
function S.mprotect (address, length, prot) return bool(C.sys_mprotect(nr.mprotect, at(address), length, protection(prot))) end
function S.mlock (address, length) return bool(C.sys_munmap(nr.mlock, at(address), length)) end
function S.munlock (address, length) return bool(C.sys_munmap(nr.munlock, at(address), length)) end
function S.mlockall (how) return bool(C.sys_mlockall(nr.mlockall, locking(how))) end
function S.munlockall () return bool(C.sys_munlockall(nr.munlockall)) end

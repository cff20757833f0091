-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Mounting.

local S, import = ...
local ffi = require 'ffi'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local C, nr = call.C, call.numbers
local checked = types.path

ffi.cdef [[
int sys_mount(long, const char *source, const char *target, const char *type, unsigned long flags, const void *data)
  __asm__("syscall");
int sys_umount2(long, const char *target, int flags) __asm__("syscall");
int sys_pivot_root(long, const char *new_root, const char *put_old) __asm__("syscall");
]]

local mount_flags, umount_flags = flags.list('MS_'), flags.list('MNT_', 'UMOUNT_')

function S.mount (source, target, kind, how, data)
  return call.bool(C.sys_mount(nr.mount, checked(source), checked(target), kind, mount_flags(how) % 2^32, data))
end

function S.umount (target, how) return call.bool(C.sys_umount2(nr.umount2, checked(target), umount_flags(how))) end

function S.pivot_root (new_root, put_old) return call.bool(C.sys_pivot_root(nr.pivot_root, checked(new_root), checked(put_old))) end

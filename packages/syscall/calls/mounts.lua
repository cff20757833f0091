-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Mounting.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local descriptors = import 'core/descriptors'
local C, nr = call.C, call.numbers
local checked = types.path

ffi.cdef [[
int sys_mount(long, const char *source, const char *target, const char *type, unsigned long flags, const void *data)
  __asm__("syscall");
int sys_umount2(long, const char *target, int flags) __asm__("syscall");
int sys_pivot_root(long, const char *new_root, const char *put_old) __asm__("syscall");
int sys_open_tree(long, int dirfd, const char *path, unsigned int flags) __asm__("syscall");
int sys_move_mount(long, int from, const char *from_path, int to, const char *to_path, unsigned int flags)
  __asm__("syscall");
int sys_fsopen(long, const char *type, unsigned int flags) __asm__("syscall");
int sys_fsconfig(long, int fd, unsigned int command, const char *key, const void *value, int aux) __asm__("syscall");
int sys_fsmount(long, int fd, unsigned int flags, unsigned int attributes) __asm__("syscall");
int sys_mount_setattr(long, int dirfd, const char *path, unsigned int flags, const void *attr, size_t size)
  __asm__("syscall");
int sys_swapon(long, const char *path, int flags) __asm__("syscall");
int sys_swapoff(long, const char *path) __asm__("syscall");
]]

local mount_flags, umount_flags = flags.list('MS_'), flags.list('MNT_', 'UMOUNT_')

-- A string, or nil, or what a file system takes instead.
local function text_or_pointer (value) return type(value) == 'string' and value or arguments.pointer(value, 4) end

function S.mount (source, target, kind, how, data)
  return call.bool(C.sys_mount(nr.mount, checked(source), checked(target), kind, mount_flags(how) % 2^32,
    text_or_pointer(data)))
end

function S.umount (target, how) return call.bool(C.sys_umount2(nr.umount2, checked(target), umount_flags(how))) end

function S.pivot_root (new_root, put_old) return call.bool(C.sys_pivot_root(nr.pivot_root, checked(new_root), checked(put_old))) end

-- Mounts as descriptors: a file system is opened and configured, mounted on nothing, and moved to its place.

local directory, fileno, new_fd = descriptors.directory, descriptors.fileno, descriptors.new
local tree_flags, move_flags = flags.list('OPEN_TREE_', 'AT_', 'O_'), flags.list('MOVE_MOUNT_')
local open_flags, pick_flags = flags.list('FSOPEN_'), flags.list('FSPICK_')
local commands, fsmount_flags, attributes = flags.one('FSCONFIG_'), flags.list('FSMOUNT_'), flags.list('MOUNT_ATTR_')

function S.open_tree (dir, path, how)
  return new_fd(C.sys_open_tree(nr.open_tree, directory(dir), checked(path), tree_flags(how)))
end

function S.move_mount (from, from_path, to, to_path, how)
  return call.bool(C.sys_move_mount(nr.move_mount, directory(from), checked(from_path) or '', directory(to),
    checked(to_path) or '', move_flags(how)))
end

function S.fsopen (kind, how) return new_fd(C.sys_fsopen(nr.fsopen, kind, open_flags(how))) end

function S.fspick (dir, path, how)
  return new_fd(C.sys_open_tree(nr.fspick, directory(dir), checked(path), pick_flags(how)))
end

-- fsconfig(fd, "set_string", "size", "1M"), (fd, "set_flag", "ro"), (fd, "cmd_create") …
function S.fsconfig (fd, command, key, value, aux)
  return call.bool(C.sys_fsconfig(nr.fsconfig, fileno(fd), commands(command), key, text_or_pointer(value),
    aux and fileno(aux) or 0))
end

function S.fsmount (fd, how, attr)
  return new_fd(C.sys_fsmount(nr.fsmount, fileno(fd), fsmount_flags(how), attributes(attr)))
end

local propagations, at_flags = flags.one('MS_'), flags.list('AT_')

-- A table of `set` and `clear`, lists of attributes, `propagation` ("private"), and `userns`, a descriptor.
function S.mount_setattr (dir, path, how, given)
  arguments.table(given, 'a table of attributes')
  local attr = types.t.mount_attr()
  attr.attr_set, attr.attr_clr = attributes(given.set) % 2^32, attributes(given.clear) % 2^32
  attr.propagation = propagations(given.propagation)
  if given.userns then attr.userns_fd = fileno(given.userns) end
  return call.bool(C.sys_mount_setattr(nr.mount_setattr, directory(dir), checked(path), at_flags(how), attr,
    ffi.sizeof(attr)))
end

function S.swapon (path, how) return call.bool(C.sys_swapon(nr.swapon, checked(path), how or 0)) end
function S.swapoff (path) return call.bool(C.sys_swapoff(nr.swapoff, checked(path))) end

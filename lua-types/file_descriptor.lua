---@meta file_descriptor
-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Written by native-core/generate from the description of the module; change that instead.

---Descriptors of open files, as they travel between programs.
---@class file_descriptor
local file_descriptor = {}

---@alias file_kind
---| '"regular"' # A plain file.
---| '"directory"' # A directory.
---| '"symlink"' # A symbolic link itself.
---| '"block"' # A block device.
---| '"character"' # A character device.
---| '"fifo"' # A pipe or a FIFO.
---| '"socket"' # A socket.
---| '"unknown"' # Something else, an epoll for one.

---@alias openat_flag
---| '"append"' # Each write goes to the end (O_APPEND).
---| '"create"' # Makes the file if there is none.
---| '"directory"' # Refuses what is no folder (ENOTDIR).
---| '"exclusive"' # With `create`: refuses a file that is there (EEXIST).
---| '"no_follow"' # Refuses a symbolic link (ELOOP).
---| '"path"' # Refers to it without opening it (O_PATH).
---| '"read_only"' # For reading.
---| '"read_write"' # For both.
---| '"resolve_beneath"' # Refuses to leave the folder (EXDEV).
---| '"resolve_cached"' # Refuses what the kernel would have to look up on the disk (EAGAIN).
---| '"resolve_in_root"' # Takes the folder for the root, also of absolute links.
---| '"resolve_no_magiclinks"' # Refuses the links of /proc (ELOOP).
---| '"resolve_no_symlinks"' # Refuses symbolic links all the way (ELOOP).
---| '"resolve_no_xdev"' # Refuses to enter another mount (EXDEV).
---| '"sync_all_on_write"' # A write is done when it is on the disk (O_SYNC).
---| '"temporary"' # A file without a name in the folder that is given (O_TMPFILE).
---| '"truncate"' # Empties the file first.
---| '"write_only"' # For writing.

---@alias socket_family
---| '"unix"' # Within this machine (unix(7)).
---| '"inet"' # IPv4 (ip(7)).
---| '"inet6"' # IPv6 (ipv6(7)).

---@alias socket_kind
---| '"stream"' # A stream of bytes.
---| '"datagram"' # Messages, not necessarily kept.
---| '"seqpacket"' # Messages over a connection.

---@alias socket_protocol
---| '"tcp"' # tcp(7).
---| '"udp"' # udp(7).

---A file descriptor that nothing else uses: an open file, socket, pipe or device on its way from one owner to the
---next.
---@class file_descriptor.file_descriptor
---@field non_blocking boolean Whether O_NONBLOCK is set.
---@field type file_kind What kind of file is open, or was when it was handed on.
file_descriptor.file_descriptor = {}

---Closes the descriptor now.
---
---Without it the garbage collector does so. Closing again does nothing. EBADF when it was handed on. close(2).
function file_descriptor.file_descriptor:close() end

---Makes another descriptor of the same open file.
---
---Both share position and flags; the new one is not inherited by child processes. EMFILE when the process has too
---many. fcntl(2), F_DUPFD_CLOEXEC.
---@return file_descriptor.file_descriptor
function file_descriptor.file_descriptor:dup() end

---Tells whether this is a socket of that family, type and protocol.
---
---False, not an error, for what is no socket. socket(7): SO_DOMAIN, SO_TYPE, SO_PROTOCOL.
---@param family socket_family What kind of addresses it has.
---@param type? socket_kind What it transports; nothing accepts any.
---@param protocol? socket_protocol What carries it; nothing accepts any.
---@return boolean
function file_descriptor.file_descriptor:is_socket(family, type, protocol) end

---Compares the open files behind two descriptors.
---
---0: the same one; 1 and 2: this one sorts before or after; 3: they differ in no order. Linux, where the kernel
---offers it (ENOSYS, EPERM otherwise). kcmp(2), KCMP_FILE.
---@param other file_descriptor.file_descriptor The descriptor to compare with.
---@return integer
function file_descriptor.file_descriptor:kcmp(other) end

---Opens a file, looked up from this directory on.
---
---It controls no terminal and is not inherited by child processes. ENOENT, EACCES, EEXIST, ENOTDIR and others;
---EXDEV, ELOOP and EAGAIN where a `resolve` flag forbids the way; EINVAL for flags that contradict each other.
---open(2), openat2(2).
---@param path filesystem.path The way from this directory on; one that begins with / leaves it.
---@param flags? openat_flag[] How; for reading, if they do not say.
---@param mode? integer Of a file that is made, less the umask: `create` and `temporary` need it. Not negative.
---@return file_descriptor.file_descriptor
function file_descriptor.file_descriptor:openat(path, flags, mode) end

---What programs gain that are executed from this file.
---
---ENODATA for a file that has no capabilities, EBADF for one that was opened with `path`. cap_get_fd(3).
---@return system.linux_capabilities
function file_descriptor.file_descriptor:cap_get() end

---Sets what programs gain that are executed from this file.
---
---EPERM without CAP_SETFCAP, EINVAL for what is no regular file. cap_set_fd(3).
---@param caps? system.linux_capabilities What it gives; nothing takes all away, and that it had any.
function file_descriptor.file_descriptor:cap_set(caps) end

---Capsicum, which only FreeBSD has: fails with not_available.
---@param ... any Those of FreeBSD.
function file_descriptor.file_descriptor:cap_rights_limit(...) end

---Capsicum, which only FreeBSD has: fails with not_available.
---@param ... any Those of FreeBSD.
function file_descriptor.file_descriptor:cap_rights_contains(...) end

---Capsicum, which only FreeBSD has: fails with not_available.
---@param ... any Those of FreeBSD.
function file_descriptor.file_descriptor:cap_rights_remove(...) end

---Capsicum, which only FreeBSD has: fails with not_available.
---@param ... any Those of FreeBSD.
function file_descriptor.file_descriptor:cap_ioctls_limit(...) end

---Capsicum, which only FreeBSD has: fails with not_available.
---@param ... any Those of FreeBSD.
function file_descriptor.file_descriptor:cap_ioctls_get(...) end

---Capsicum, which only FreeBSD has: fails with not_available.
---@param ... any Those of FreeBSD.
function file_descriptor.file_descriptor:cap_fcntls_limit(...) end

---Capsicum, which only FreeBSD has: fails with not_available.
---@param ... any Those of FreeBSD.
function file_descriptor.file_descriptor:cap_fcntls_get(...) end

return file_descriptor

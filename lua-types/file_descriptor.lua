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
---@field type file_kind What kind of file is open.
file_descriptor.file_descriptor = {}

---Closes the descriptor now.
---
---Without it the garbage collector does so. EBADF when it is closed already or was handed on. close(2).
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

return file_descriptor

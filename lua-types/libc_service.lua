---@meta libc_service
-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Written by native-core/generate from the description of the module; change that instead.

---Calls of libc in other programs, answered here: which file a path means, which socket an address.
---@class libc_service
local libc_service = {}

---@alias address_error
---| '"again"' # No answer for now.
---| '"badflags"' # Flags that cannot be.
---| '"fail"' # No answer, and none later.
---| '"family"' # No such family of addresses.
---| '"memory"' # No memory.
---| '"noname"' # No such name.
---| '"service"' # No such service.
---| '"socktype"' # No such kind of socket.
---| '"system"' # What errno says.

---@alias libc_function
---| '"open"' # open(2) and fopen(3).
---| '"openat"' # From a folder that the program has open.
---| '"unlink"'
---| '"rename"'
---| '"stat"'
---| '"lstat"'
---| '"access"'
---| '"eaccess"'
---| '"mkdir"'
---| '"rmdir"'
---| '"connect_unix"'
---| '"connect_inet"'
---| '"connect_inet6"'
---| '"bind_unix"'
---| '"bind_inet"'
---| '"bind_inet6"'
---| '"getaddrinfo"'

---@alias stat_file_type
---| '"regular"'
---| '"directory"'
---| '"symlink"'
---| '"block"'
---| '"character"'
---| '"fifo"'
---| '"socket"'

---@class stat_result
---@field dev? number The device it is on.
---@field ino? number Its number there.
---@field mode number Who may do what: 0644.
---@field type stat_file_type What it is.
---@field nlink? number How many names it has; 1 if left out.
---@field uid? number Whose it is.
---@field gid? number Which group's it is.
---@field rdev? number The device it is, if it is one.
---@field size? number Its size in bytes.
---@field atime? filesystem.clock.time_point When it was read.
---@field mtime? filesystem.clock.time_point When it was written.
---@field ctime? filesystem.clock.time_point When it was changed in any way.
---@field blksize? number How many bytes to read at once; 4096 if left out.

---Answers calls of programs that have the other end.
---@class libc_service.master
---@field function_ libc_function? What was called; nothing before the first call.
---@field is_open boolean Whether it is open.
libc_service.master = {}

---Waits for the next call.
---
---Suspends; one fiber at a time. A call that was not answered until then fails with EIO. EOF when no program has
---the other end any more, EBADMSG for what is no call.
---@async
function libc_service.master:receive() end

---Answers the call.
---
---Does not wait: whoever asked and is gone gets nothing. EINVAL for a result that the function cannot have, and
---where there is no call that waits for an answer.
---@param result? integer|address_error|stat_result|(ip.address|integer)[] What the call gives: a number, -1 for a failure; of stat and lstat its fields; of getaddrinfo a list of an address and a port, the name of an error, or nothing where there is no address.
---@param errno? integer|string Why it failed: a number, or a name such as "EACCES"; 0 if left out.
function libc_service.master:send(result, errno) end

---Answers the call, with descriptors.
---
---Does not wait: whoever asked and is gone gets nothing. EINVAL for a result that the function cannot have, and
---where there is no call that waits for an answer.
---@param result? integer|address_error|stat_result|(ip.address|integer)[] What the call gives: a number, -1 for a failure; of stat and lstat its fields; of getaddrinfo a list of an address and a port, the name of an error, or nothing where there is no address.
---@param fds file_descriptor.file_descriptor[] Descriptors: what open and openat give is the first.
---@param errno? integer|string Why it failed: a number, or a name such as "EACCES"; 0 if left out.
function libc_service.master:send_with_fds(result, fds, errno) end

---Lets the program make the call itself, with what it may do.
---
---EINVAL where there is no call that waits for an answer.
function libc_service.master:use_slave_credentials() end

---The arguments of the call.
---
---In a list. `master.arguments` gives them one by one.
---@return (filesystem.path|string|number|string[]|ip.address)[]
function libc_service.master:argument_list() end

---What the program sent along with the call, in a list.
---
---openat has the folder, connect and bind have the socket. Once: a second time there are none.
---@return file_descriptor.file_descriptor[]
function libc_service.master:descriptor_list() end

---The arguments of the call.
---
---open: path, flags and, if it makes a file, the mode; openat: the same; unlink, stat, lstat, rmdir: path; rename:
---both paths; access, eaccess: path, and "f" or a list of "r", "w", "x"; mkdir: path, mode; connect_unix,
---bind_unix: path; connect_inet, bind_inet and those of inet6: address, port; getaddrinfo: node, service, and "tcp"
---or "udp" if it matters. EINVAL before a call was received.
---@return any
function libc_service.master:arguments() end

---What the program sent along with the call.
---
---openat has the folder, connect and bind have the socket. Once: a second time there are none.
---@return file_descriptor.file_descriptor?
function libc_service.master:descriptors() end

---Ends it: calls of the program fail with EIO from now on.
---
---EBADF when it is closed.
function libc_service.master:close() end

---Ends what waits with operation_aborted.
---
---EBADF when it is closed.
function libc_service.master:cancel() end

---What a program gets, so that its calls of libc are asked about: one of the `extra_fds` of `system.spawn`, with
---the variables that `environment` gives. Close it then: while it is open here, `master.receive` waits for other
---programs. An actor takes it away, as `subprocess.libc_service`.
---@class libc_service.slave
---@field is_open boolean Whether it was neither handed on nor closed.
---@field open string? The filter of open.
---@field openat string? The filter of openat.
---@field unlink string? The filter of unlink.
---@field rename string? The filter of rename.
---@field stat string? The filter of stat.
---@field lstat string? The filter of lstat.
---@field access string? The filter of access.
---@field eaccess string? The filter of eaccess.
---@field mkdir string? The filter of mkdir.
---@field rmdir string? The filter of rmdir.
---@field connect_unix string? The filter of connect to UNIX sockets.
---@field connect_inet string? The filter of connect to IPv4.
---@field connect_inet6 string? The filter of connect to IPv6.
---@field bind_unix string? The filter of bind of UNIX sockets.
---@field bind_inet string? The filter of bind to IPv4.
---@field bind_inet6 string? The filter of bind to IPv6.
---@field getaddrinfo string? The filter of getaddrinfo.
libc_service.slave = {}

---Takes the descriptor out, for whoever starts programs by other means.
---
---EBADF when it was handed on.
---@return file_descriptor.file_descriptor
function libc_service.slave:release() end

---Closes it.
---
---EBADF when it was handed on.
function libc_service.slave:close() end

---Both ends: who answers, and what a program gets.
---
---EMFILE. socketpair(2).
---@return libc_service.master
---@return libc_service.slave
function libc_service.new() end

---The variables with which a program finds its slave.
---
---LD_PRELOAD, which names a library of ours, and EMILUA_LIBC_SERVICE_FD. A program that is linked statically, or
---gains rights by being run, is not asked about. ENOENT when the library is not installed, ENOTSUP when its path
---has a space or a colon.
---@param fd integer The number that the program has the slave by.
---@return table<string, string>
function libc_service.environment(fd) end

return libc_service

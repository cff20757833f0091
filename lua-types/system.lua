---@meta system
-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Written by native-core/generate from the description of the module; change that instead.

---What belongs to the process: its arguments and environment, its standard streams, signals.
---@class system
local system = {}

---@alias capability_set
---| '"effective"' # What is in force.
---| '"permitted"' # What can be put in force.
---| '"inheritable"' # What programs can be given.

---@alias landlock_access
---| '"execute"'
---| '"write_file"'
---| '"read_file"'
---| '"read_dir"'
---| '"remove_dir"'
---| '"remove_file"'
---| '"make_char"'
---| '"make_dir"'
---| '"make_reg"'
---| '"make_sock"'
---| '"make_fifo"'
---| '"make_block"'
---| '"make_sym"'
---| '"refer"'
---| '"truncate"'
---| '"ioctl_dev"'
---| '"bind_tcp"'
---| '"connect_tcp"'

---@alias landlock_access_fs
---| '"execute"' # Run a file.
---| '"write_file"' # Open a file for writing.
---| '"read_file"' # Open a file for reading.
---| '"read_dir"' # Open a folder, or list it.
---| '"remove_dir"' # Remove or rename an empty folder.
---| '"remove_file"' # Remove or rename a file.
---| '"make_char"' # Make a character device.
---| '"make_dir"' # Make a folder.
---| '"make_reg"' # Make a regular file.
---| '"make_sock"' # Make a UNIX socket.
---| '"make_fifo"' # Make a FIFO.
---| '"make_block"' # Make a block device.
---| '"make_sym"' # Make a symbolic link.
---| '"refer"' # Link or rename to another folder; since ABI 2. Refused when it is not handled, too.
---| '"truncate"' # Change the size of a file; since ABI 3.
---| '"ioctl_dev"' # Make ioctl(2) of a device that is opened; since ABI 5.

---@alias landlock_access_net
---| '"bind_tcp"' # Bind a TCP socket to a port.
---| '"connect_tcp"' # Connect a TCP socket to a port.

---@alias landlock_create_flag
---| '"version"' # Tell the ABI and make nothing.

---@alias landlock_rule_type
---| '"path_beneath"' # For a file, or a folder and all below.
---| '"net_port"' # For a port of TCP; since ABI 4.

---@alias landlock_scope
---| '"abstract_unix_socket"' # No connecting to abstract UNIX sockets of processes outside.
---| '"signal"' # No signals to processes outside.

---@alias scheduling_policy
---| '"other"' # SCHED_OTHER, the usual one.
---| '"batch"' # SCHED_BATCH, for work that nobody waits for.
---| '"idle"' # SCHED_IDLE, when nobody else wants to.
---| '"fifo"' # SCHED_FIFO, of real time.
---| '"rr"' # SCHED_RR, of real time, in turns.

---@alias seccomp_action
---| '"allow"' # It is made.
---| '"errno"' # It fails with `code` and is not made.
---| '"log"' # It is made, and the system's log has it.
---| '"trap"' # It is not made, and the thread gets SIGSYS.
---| '"kill_thread"' # The thread ends.
---| '"kill_process"' # The process ends by SIGSYS.

---@alias seccomp_comparison
---| '"equal"' # It is the value.
---| '"not_equal"' # It is not the value.
---| '"less"' # It is less.
---| '"less_or_equal"' # It is not greater.
---| '"greater"' # It is greater.
---| '"greater_or_equal"' # It is not less.
---| '"masked_equal"' # Those bits of it that `mask` has are the value.

---@alias standard_handle
---| '"share"' # That of the parent.
---| '"ignore"' # /dev/null.

---@alias standard_name
---| '"stdin"' # Standard input.
---| '"stdout"' # Standard output.
---| '"stderr"' # Standard error.

---@class exit_options
---@field force? integer|string 0 cleans up, 2 does next to nothing, "abort" is abort(3).

---@class landlock_rule_options
---@field allowed_access? landlock_access[] What is allowed of what the ruleset handles.
---@field parent_fd? file_descriptor.file_descriptor For "path_beneath": the file, or the folder.
---@field port? integer For "net_port": the port.

---@class landlock_ruleset_options
---@field handled_access_fs? landlock_access_fs[] Rights of files that nobody has unless a rule allows it.
---@field handled_access_net? landlock_access_net[] Rights of the network that nobody has unless a rule allows it; since ABI 4.
---@field scoped? landlock_scope[] What stops at the border of those that obey; since ABI 6.

---@class scheduler_options
---@field policy? scheduling_policy Who runs when.
---@field priority? integer Of real time only, and needed there: from 1 to 99, the most urgent.
---@field reset_on_fork? boolean Whether the child's children are ordinary again. Needs a policy.

---@class seccomp_condition
---@field argument integer Which one, from 0 to 5.
---@field is seccomp_comparison How it compares, as an unsigned number.
---@field value integer|integer|ffi.cdata* To what.
---@field mask? integer|integer|ffi.cdata* For "masked_equal": which bits count.

---@class seccomp_options
---@field default seccomp_action What becomes of all other calls.
---@field allow? (string|seccomp_rule)[] Calls that are made.
---@field errno? (string|seccomp_rule)[] Calls that fail with `code`.
---@field log? (string|seccomp_rule)[] Calls that are made and logged.
---@field trap? (string|seccomp_rule)[] Calls instead of which there is a SIGSYS.
---@field kill_thread? (string|seccomp_rule)[] Calls that end the thread.
---@field kill_process? (string|seccomp_rule)[] Calls that end the process.
---@field code? integer The errno of calls that fail; EPERM if left out.

---@class seccomp_rule
---@field syscall string The name of a system call.
---@field when? seccomp_condition[] What its arguments have to be, all of it.
---@field code? integer In the list `errno`: the errno of this call.

---@class spawn_options
---@field program string|filesystem.path|file_descriptor.file_descriptor What runs. A name is looked for in the PATH that this program was started with, as execvp(3) does; a path is taken as it is, in the working directory of the child; a descriptor is the file itself, execveat(2).
---@field arguments? string[] Its words, of which the first is its name: `ls`, `-l`; none if left out.
---@field environment? table<string, string> Its variables, by name; none if left out. One may have the value "\0pid" and is then the child's process id.
---@field stdin? standard_handle|file_descriptor.file_descriptor What it reads from; a pipe whose other end is closed, if left out.
---@field stdout? standard_handle|file_descriptor.file_descriptor What it writes to; a pipe whose other end is closed, if left out.
---@field stderr? standard_handle|file_descriptor.file_descriptor What it complains to; a pipe whose other end is closed, if left out.
---@field extra_fds? table<integer, file_descriptor.file_descriptor|libc_service.slave> Further descriptors, by the numbers from 3 to 9 that it has them by. It has no others.
---@field signal_on_gcreaper? integer What it gets when nobody can wait for it any more; SIGTERM if left out, 0 for nothing. This process does not end before it.
---@field scheduler? scheduler_options How it is scheduled. sched_setscheduler(2).
---@field start_new_session? boolean Whether it leads a new session. setsid(2).
---@field set_ctty? file_descriptor.file_descriptor The terminal that controls its new session.
---@field process_group? integer The process group it joins; 0 for one of its own. setpgid(2).
---@field foreground? standard_name|file_descriptor.file_descriptor The terminal whose foreground its process group becomes, or the shared standard stream that is one. tcsetpgrp(3).
---@field ruid? integer Its real user; -1 for no change.
---@field euid? integer Its effective user; -1 for no change.
---@field rgid? integer Its real group; -1 for no change.
---@field egid? integer Its effective group; -1 for no change.
---@field extra_groups? integer[] Its supplementary groups. setgroups(2).
---@field set_no_new_privs? boolean Whether no program it runs gets more rights than it has. prctl(2).
---@field seccomp_set_mode_filter? byte_span A filter of its system calls: struct sock_filter, one after the other. It has to let execve(2) through. seccomp(2).
---@field landlock_restrict_self? file_descriptor.file_descriptor A ruleset that it obeys. landlock(7).
---@field umask? integer Its umask.
---@field working_directory? filesystem.path|file_descriptor.file_descriptor Where it is; where this process is, if left out.
---@field pdeathsig? integer What it gets when the thread that spawned it ends, which lives as long as its VM. PR_SET_PDEATHSIG(2const).
---@field setns_user? file_descriptor.file_descriptor A user namespace to be in; entered before the others. setns(2).
---@field setns_mount? file_descriptor.file_descriptor A mount namespace to be in.
---@field setns_uts? file_descriptor.file_descriptor A UTS namespace to be in.
---@field setns_ipc? file_descriptor.file_descriptor An IPC namespace to be in.
---@field setns_net? file_descriptor.file_descriptor A network namespace to be in.

system.signal = {}

system.seccomp = {}

---Sets of capabilities: parts of what user 0 may do. capabilities(7).
---@class system.linux_capabilities
system.linux_capabilities = {}

---A copy.
---@return system.linux_capabilities
function system.linux_capabilities:dup() end

---Empties all sets.
function system.linux_capabilities:clear() end

---Empties a set.
---@param flag capability_set Which of the sets.
function system.linux_capabilities:clear_flag(flag) end

---Whether a set has a capability.
---
---EINVAL for a capability that does not exist.
---@param cap string A capability: "cap_chown".
---@param flag capability_set Which of the sets.
---@return boolean
function system.linux_capabilities:get_flag(cap, flag) end

---Puts capabilities into a set, or takes them out.
---
---EINVAL for a capability that does not exist.
---@param flag capability_set Which of the sets.
---@param caps string[] Capabilities.
---@param value boolean Whether the set is to have them.
function system.linux_capabilities:set_flag(flag, caps, value) end

---Makes a set what a set of another object is.
---
---cap_fill_flag(3).
---@param to capability_set The set that changes.
---@param ref system.linux_capabilities Where the content comes from.
---@param from capability_set Which set of it.
function system.linux_capabilities:fill_flag(to, ref, from) end

---Makes a set what another one is.
---
---cap_fill(3).
---@param to capability_set The set that changes.
---@param from capability_set Another one.
function system.linux_capabilities:fill(to, from) end

---Makes these the capabilities of this process.
---
---Of all its threads. EPERM for more than are permitted now. cap_set_proc(3).
---
---Only the master VM may call it.
function system.linux_capabilities:set_proc() end

---Whose user namespace the capabilities of a file count in: the user that is 0 there.
---
---cap_get_nsowner(3).
---@return number
function system.linux_capabilities:get_nsowner() end

---Sets whose user namespace the capabilities of a file count in.
---
---cap_set_nsowner(3).
---@param rootuid integer The user that is 0 there. Not negative.
function system.linux_capabilities:set_nsowner(rootuid) end

---A child process. One that nobody waits for gets the signal it was spawned with when its object is collected, and
---is reaped; this process does not end before it.
---@class system.subprocess
---@field exit_code integer What the process passed to exit(3), or 128 and the signal that ended it.
---@field exit_signal integer? The signal that ended the process; nothing if none did.
---@field pid integer? The number of the process; nothing when it was waited for.
system.subprocess = {}

---Waits until the process has ended.
---
---Afterwards `subprocess.exit_code` and `subprocess.exit_signal` tell how. Returns at once when it was waited for
---before; a wait that is canceled takes nothing away. ECHILD when this process ignores SIGCHLD. waitid(2).
---@async
function system.subprocess:wait() end

---Sends a signal to the process.
---
---Never to another one: ESRCH when it was waited for. EINVAL when there is no such signal, EPERM when it runs as
---somebody else. pidfd_send_signal(2).
---@param signal integer A signal; 0 sends nothing and only checks.
function system.subprocess:kill(signal) end

---The capabilities of the process.
---
---ESRCH when it was waited for. cap_get_pid(3).
---@return system.linux_capabilities
function system.subprocess:cap_get() end

---Standard input. Its descriptor is shared with the parent process: its flags are left alone.
---@class system.standard_input
system.standard_input = {}

---Waits for input, reads what fits and returns the number of bytes.
---
---Fails with eof at the end; errors as of read(2). Files never wait.
---@async
---@param buffer byte_span Where the bytes go.
---@return integer
function system.standard_input:read_some(buffer) end

---A new descriptor of what the stream is connected to.
---
---EMFILE when the process has too many. Closed on exec.
---@return file_descriptor.file_descriptor
function system.standard_input:dup() end

---Connects the stream, for the whole process, to something else.
---
---Errors as of dup2(2). A read or write that is waiting goes on waiting for what the stream was connected to. To
---close a standard stream, connect it to a pipe whose other end is closed: its number would be given to the next
---file opened.
---
---Only the master VM may call it.
---@param oldd file_descriptor.file_descriptor What the stream shall be connected to; it is not closed.
function system.standard_input:dup_from(oldd) end

---Whether the stream is a terminal.
---@return boolean
function system.standard_input:isatty() end

---The foreground process group of the terminal.
---
---ENOTTY when the stream is no terminal, or not the one that controls this process. See tcgetpgrp(3).
---@return integer
function system.standard_input:tcgetpgrp() end

---Makes a process group the foreground of the terminal.
---
---Errors as of tcsetpgrp(3). A background process is stopped by SIGTTOU unless that is ignored.
---@param pgid_id integer A process group of this session.
function system.standard_input:tcsetpgrp(pgid_id) end

---Standard output or error. The descriptor is shared with the parent process: its flags are left alone.
---@class system.standard_output
system.standard_output = {}

---Waits until something can be written and returns how much was.
---
---EPIPE when nobody reads any more; errors as of write(2). Nothing is buffered here.
---@async
---@param buffer byte_span The bytes.
---@return integer
function system.standard_output:write_some(buffer) end

---A new descriptor of what the stream is connected to.
---
---EMFILE when the process has too many. Closed on exec.
---@return file_descriptor.file_descriptor
function system.standard_output:dup() end

---Connects the stream, for the whole process, to something else.
---
---Errors as of dup2(2). A read or write that is waiting goes on waiting for what the stream was connected to. To
---close a standard stream, connect it to a pipe whose other end is closed: its number would be given to the next
---file opened.
---
---Only the master VM may call it.
---@param oldd file_descriptor.file_descriptor What the stream shall be connected to; it is not closed.
function system.standard_output:dup_from(oldd) end

---Whether the stream is a terminal.
---@return boolean
function system.standard_output:isatty() end

---The foreground process group of the terminal.
---
---ENOTTY when the stream is no terminal, or not the one that controls this process. See tcgetpgrp(3).
---@return integer
function system.standard_output:tcgetpgrp() end

---Makes a process group the foreground of the terminal.
---
---Errors as of tcsetpgrp(3). A background process is stopped by SIGTTOU unless that is ignored.
---@param pgid_id integer A process group of this session.
function system.standard_output:tcsetpgrp(pgid_id) end

---Waits for any of several signals. Each set that holds a signal is told of it; what comes while nobody waits is
---kept for the next wait.
---@class system.signal.set
system.signal.set = {}

---Makes a set of the given signals.
---
---EINVAL for a signal that cannot be caught. A set keeps working if its VM ceases to be the master.
---
---Only the master VM may call it.
---@param ... integer The first signals of the set.
---@return system.signal.set
function system.signal.set.new(...) end

---Adds a signal to the set.
---
---Nothing happens when it is there. EINVAL for a signal that cannot be caught.
---
---Only the master VM may call it.
---@param signal integer
function system.signal.set:add(signal) end

---Removes a signal, and what was kept of it.
---
---Once no set holds the signal, it does again what it did before.
---@param signal integer
function system.signal.set:remove(signal) end

---Removes every signal, and all that was kept.
---
---Pending waits go on waiting.
function system.signal.set:clear() end

---Cancels pending waits.
---
---They fail with operation_aborted.
function system.signal.set:cancel() end

---Waits for a signal of the set and returns its number.
---
---Of several kept signals the one with the lowest number comes first. Fails with operation_aborted when the set is
---canceled.
---@async
---@return integer
function system.signal.set:wait() end

---The words of the command line: the program that runs, the script, then what was meant for the script.
---@type string[]
system.arguments = nil

---The environment variables, by name.
---@type table<string, string>
system.environment = nil

---Ends this program: the process, or the actor that calls it.
---
---Pending operations are canceled, cleanup handlers run. Never returns.
---@param code? integer What the parent process is told; nothing means 0. From 0 to 255.
---@param opts? exit_options How the program ends.
function system.exit(code, opts) end

---The number of this process.
---@return integer
function system.getpid() end

---The number of the parent process.
---
---0 when the parent is outside this process's PID namespace.
---@return integer
function system.getppid() end

---Sends a signal to a process or a group.
---
---EINVAL when there is no such signal, ESRCH when there is no such process, EPERM when it belongs to somebody else.
---See kill(2).
---@param pid integer A process; 0 for this process group, -1 for every process there is, -n for process group n.
---@param signal integer A signal; 0 sends nothing and only checks.
function system.kill(pid, signal) end

---A descriptor that this process was started with, once; nothing when there is none, or not any more.
---
---For programs that are told of a number, LISTEN_FDS of systemd for one.
---
---Only the master VM may call it.
---@param fd integer Its number, from 3 to 9. From 3 to 9.
---@return file_descriptor.file_descriptor?
function system.get_lowfd(fd) end

---Only FreeBSD has it: fails with not_available.
---@param ... any Those of FreeBSD.
function system.caph_limit_stdio(...) end

---Only FreeBSD has it: fails with not_available.
---@param ... any Those of FreeBSD.
function system.jail_set(...) end

---Only FreeBSD has it: fails with not_available.
---@param ... any Those of FreeBSD.
function system.jail_get(...) end

---Only FreeBSD has it: fails with not_available.
---@param ... any Those of FreeBSD.
function system.jail_remove(...) end

---Only FreeBSD has it: fails with not_available.
---@param ... any Those of FreeBSD.
function system.jailparam_all(...) end

---The users that this process is.
---@return number ruid
---@return number euid
---@return number suid
function system.getresuid() end

---The groups that this process is.
---@return number rgid
---@return number egid
---@return number sgid
function system.getresgid() end

---Sets the users that this process is.
---
---Of all threads of the process. -1 changes nothing. EPERM without the right to. setresuid(2).
---
---Only the master VM may call it.
---@param ruid integer The real user.
---@param euid integer The effective user.
---@param suid integer The saved user.
function system.setresuid(ruid, euid, suid) end

---Sets the groups that this process is.
---
---Of all threads of the process. -1 changes nothing. EPERM without the right to. setresgid(2).
---
---Only the master VM may call it.
---@param rgid integer The real group.
---@param egid integer The effective group.
---@param sgid integer The saved group.
function system.setresgid(rgid, egid, sgid) end

---The supplementary groups of this process.
---
---getgroups(2).
---@return number[]
function system.getgroups() end

---Sets the supplementary groups of this process.
---
---Of all its threads. EPERM without the right to, EINVAL for more than the system allows. setgroups(2).
---
---Only the master VM may call it.
---@param groups integer[] The groups.
function system.setgroups(groups) end

---Keeps this process, and every program it runs, from gaining rights by execve(2), for good.
---
---Of all its threads. PR_SET_NO_NEW_PRIVS(2const).
---
---Only the master VM may call it.
function system.set_no_new_privs() end

---The process group of this process.
---@return integer
function system.getpgrp() end

---The process group of a process.
---
---ESRCH when there is no such process. getpgid(2).
---@param pid integer A process; 0 is this one.
---@return integer
function system.getpgid(pid) end

---Brings a process to a process group.
---
---EACCES when the child runs its program already, EPERM, ESRCH. setpgid(2).
---
---Only the master VM may call it.
---@param pid integer This process (0) or a child of it.
---@param pgid integer A process group of this session; 0 for one whose number is the process's. Not negative.
function system.setpgid(pid, pgid) end

---The session of a process.
---
---ESRCH when there is no such process. getsid(2).
---@param pid integer A process; 0 is this one.
---@return integer
function system.getsid(pid) end

---Makes this process lead a new session and returns its number.
---
---EPERM when it leads a process group. setsid(2).
---
---Only the master VM may call it.
---@return integer
function system.setsid() end

---The folders in which libraries of this program are looked for.
---
---Opened, each once; those that cannot be opened are left out. RTLD_DI_SERINFO of dlinfo(3).
---@return file_descriptor.file_descriptor[]
function system.get_ld_library_directories() end

---The capabilities of this process.
---
---Those of the calling thread. cap_get_proc(3).
---@return system.linux_capabilities
function system.cap_get_proc() end

---No capabilities at all.
---
---cap_init(3).
---@return system.linux_capabilities
function system.cap_init() end

---The capabilities that a text names.
---
---EINVAL for what is none. cap_from_text(3).
---@param caps string As setcap(8) has it: "cap_kill,cap_chown=ep".
---@return system.linux_capabilities
function system.cap_from_text(caps) end

---Whether a program can gain a capability by execve(2).
---
---cap_get_bound(3).
---@param cap string A capability: "cap_chown".
---@return boolean
function system.cap_get_bound(cap) end

---Keeps all programs from gaining a capability by execve(2).
---
---For all threads, and for good. EPERM without CAP_SETPCAP. cap_drop_bound(3).
---
---Only the master VM may call it.
---@param cap string A capability: "cap_chown".
function system.cap_drop_bound(cap) end

---Whether programs have a capability without any of their own.
---
---cap_get_ambient(3).
---@param cap string A capability: "cap_chown".
---@return boolean
function system.cap_get_ambient(cap) end

---Lets programs have a capability without any of their own.
---
---For all threads. EPERM unless it is permitted and inheritable. cap_set_ambient(3).
---
---Only the master VM may call it.
---@param cap string A capability.
---@param value boolean Whether programs are to have it.
function system.cap_set_ambient(cap, value) end

---Lets programs have no capabilities but their own.
---
---For all threads. cap_reset_ambient(3).
---
---Only the master VM may call it.
function system.cap_reset_ambient() end

---How this process treats user 0.
---
---A sum of SECBIT_ constants. cap_get_secbits(3).
---@return number
function system.cap_get_secbits() end

---Sets how this process treats user 0.
---
---For all threads. EPERM without CAP_SETPCAP, and for bits that are locked. cap_set_secbits(3).
---
---Only the master VM may call it.
---@param bits integer A sum of SECBIT_ constants. Not negative.
function system.cap_set_secbits(bits) end

---User 0 is nobody special to execve(2).
---@type integer
system.SECBIT_NOROOT = nil

---SECBIT_NOROOT stays as it is.
---@type integer
system.SECBIT_NOROOT_LOCKED = nil

---A change of users changes no capabilities.
---@type integer
system.SECBIT_NO_SETUID_FIXUP = nil

---SECBIT_NO_SETUID_FIXUP stays as it is.
---@type integer
system.SECBIT_NO_SETUID_FIXUP_LOCKED = nil

---Permitted capabilities outlive a change from user 0 to others; until execve(2).
---@type integer
system.SECBIT_KEEP_CAPS = nil

---SECBIT_KEEP_CAPS stays as it is.
---@type integer
system.SECBIT_KEEP_CAPS_LOCKED = nil

---No capability becomes ambient.
---@type integer
system.SECBIT_NO_CAP_AMBIENT_RAISE = nil

---SECBIT_NO_CAP_AMBIENT_RAISE stays as it is.
---@type integer
system.SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED = nil

---Makes a filter of system calls, for `seccomp_set_mode_filter` and `spawn`.
---
---Calls of another architecture end the process. Names that only other architectures have are left out. EINVAL for
---a name that nobody knows, a call that is in two lists, and what `default` says already; ENOPKG where libseccomp
---is not installed. seccomp_rule_add(3).
---@param opts seccomp_options What becomes of which system calls.
---@return byte_span
function system.seccomp.filter(opts) end

---Limits the system calls of this process, for good.
---
---Of all its threads, and of its children. The program sees calls, not what is done by io_uring. EACCES without
---`set_no_new_privs` or CAP_SYS_ADMIN; EINVAL for a program that the kernel refuses; ESRCH when a thread has a
---filter of its own. seccomp(2).
---
---Only the master VM may call it.
---@param bpf_fprogram byte_span The filter: struct sock_filter, one after the other.
function system.seccomp_set_mode_filter(bpf_fprogram) end

---Makes a ruleset of Landlock, or tells the ABI of the kernel.
---
---EINVAL for rights that the kernel does not know, by name; ENOMSG for none; ENOSYS or EOPNOTSUPP where there is no
---Landlock. landlock_create_ruleset(2).
---@param attr? landlock_ruleset_options What the ruleset handles.
---@param flags? landlock_create_flag[] "version" asks for the ABI instead.
---@return file_descriptor.file_descriptor|integer
function system.landlock_create_ruleset(attr, flags) end

---Adds a rule to a ruleset of Landlock: an exception.
---
---EINVAL for rights that the ruleset does not handle, or that a file cannot have that is no folder; EBADFD for a
---descriptor of another kind. landlock_add_rule(2).
---@param ruleset_fd file_descriptor.file_descriptor A ruleset.
---@param rule_type landlock_rule_type What the rule is about.
---@param attr landlock_rule_options What it allows, and where.
function system.landlock_add_rule(ruleset_fd, rule_type, attr) end

---Makes this process obey a ruleset of Landlock, for good.
---
---All its threads, and its children. EPERM without `set_no_new_privs` or CAP_SYS_ADMIN; E2BIG after 16 times.
---landlock_restrict_self(2).
---
---Only the master VM may call it.
---@param ruleset_fd file_descriptor.file_descriptor A ruleset.
function system.landlock_restrict_self(ruleset_fd) end

---Starts a program in a process of its own.
---
---When it runs, this is through. What cannot be done fails here, with the option at fault: ENOENT or EACCES for the
---program, EPERM for rights that this process does not have, EINVAL for options that contradict each other, before
---anything is started. In the new process things happen in this order: signals as at the start of a process,
---namespaces, session, terminal, process group, foreground, scheduler, groups, ids, umask, working directory,
---pdeathsig, descriptors, no_new_privs, Landlock, seccomp. execve(2).
---@param opts spawn_options What runs, and how.
---@return system.subprocess
function system.spawn(opts) end

---Standard input.
---@type system.standard_input
system.in_ = nil

---Standard output.
---@type system.standard_output
system.out = nil

---Standard error.
---@type system.standard_output
system.err = nil

---Sends a signal to this process.
---
---EINVAL when there is no such signal. See kill(2).
---@param signal integer
function system.signal.raise(signal) end

---Makes a signal have no effect.
---
---EBUSY while a set holds the signal; EINVAL for one that cannot be caught, SIGKILL and SIGSTOP among them. See
---sigaction(2).
---
---Only the master VM may call it.
---@param signal integer
function system.signal.ignore(signal) end

---Gives a signal back the effect the system gives it.
---
---EBUSY while a set holds the signal; EINVAL for one that cannot be caught, SIGKILL and SIGSTOP among them. See
---sigaction(2).
---
---Only the master VM may call it.
---@param signal integer
function system.signal.default(signal) end

---The program gave up, as abort() does.
---@type integer
system.signal.SIGABRT = nil

---A timer set with alarm() ran out.
---@type integer
system.signal.SIGALRM = nil

---An access to memory that is not there.
---@type integer
system.signal.SIGBUS = nil

---A child ended, stopped or went on.
---@type integer
system.signal.SIGCHLD = nil

---A stopped process goes on.
---@type integer
system.signal.SIGCONT = nil

---A fault of arithmetic.
---@type integer
system.signal.SIGFPE = nil

---The terminal is gone.
---@type integer
system.signal.SIGHUP = nil

---An instruction that does not exist.
---@type integer
system.signal.SIGILL = nil

---Interrupted from the keyboard, with Ctrl+C.
---@type integer
system.signal.SIGINT = nil

---A descriptor became ready.
---@type integer
system.signal.SIGIO = nil

---Ends the process; cannot be caught.
---@type integer
system.signal.SIGKILL = nil

---Wrote to a pipe that nobody reads; ignored at the start, so that the write fails with EPIPE.
---@type integer
system.signal.SIGPIPE = nil

---A profiling timer ran out.
---@type integer
system.signal.SIGPROF = nil

---Quit from the keyboard, with a core dump.
---@type integer
system.signal.SIGQUIT = nil

---An access to memory that is not allowed.
---@type integer
system.signal.SIGSEGV = nil

---Stops the process; cannot be caught.
---@type integer
system.signal.SIGSTOP = nil

---A system call that is not allowed.
---@type integer
system.signal.SIGSYS = nil

---Please end.
---@type integer
system.signal.SIGTERM = nil

---A breakpoint.
---@type integer
system.signal.SIGTRAP = nil

---Stopped from the keyboard, with Ctrl+Z.
---@type integer
system.signal.SIGTSTP = nil

---Read the terminal from the background.
---@type integer
system.signal.SIGTTIN = nil

---Wrote to the terminal from the background.
---@type integer
system.signal.SIGTTOU = nil

---Urgent data came to a socket.
---@type integer
system.signal.SIGURG = nil

---The first that means what a program says.
---@type integer
system.signal.SIGUSR1 = nil

---The second that means what a program says.
---@type integer
system.signal.SIGUSR2 = nil

---A timer of the process's own time ran out.
---@type integer
system.signal.SIGVTALRM = nil

---The window of the terminal changed size.
---@type integer
system.signal.SIGWINCH = nil

---Too much processor time used.
---@type integer
system.signal.SIGXCPU = nil

---A file grew beyond the limit.
---@type integer
system.signal.SIGXFSZ = nil

return system

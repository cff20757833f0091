---@meta sandbox
-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Written by native-core/generate from the description of the module; change that instead.

---Programs that have nothing but what they were handed.
---@class sandbox
local sandbox = {}

---@alias change_kind
---| '"added"' # It was not there.
---| '"changed"' # It was there and is different.
---| '"removed"' # It is not there any more.

---@alias file_type
---| '"not_found"' # Nothing.
---| '"regular"' # A plain file.
---| '"directory"' # A folder.
---| '"symlink"' # A symbolic link.
---| '"block"' # A block device.
---| '"character"' # A character device.
---| '"fifo"' # A named pipe.
---| '"socket"' # A socket.
---| '"unknown"' # Something that may not be looked at.

---@alias foundation
---| '"namespaces"' # Files, processes, network and names of its own, with Landlock and seccomp inside.
---| '"process"' # Landlock, seccomp and limits of an ordinary process.

---@alias limit_kind
---| '"seconds"' # It ran for too long.
---| '"processor"' # It took too much of the processor.
---| '"memory"' # The kernel ended a process, because all of them together took too much memory.
---| '"processes"' # It could not start a process or thread, and failed.
---| '"file_size"' # It wrote too large a file.

---@alias memory_scope
---| '"sandbox"' # Of all processes together, by a control group, and of each. Where there is none to be had, there is no such sandbox.
---| '"process"' # Of each process alone.

---@alias network_access
---| '"none"' # No network but a loopback of its own.
---| '"host"' # That of the host, with everything on it.

---@alias refused_operation
---| '"connect"' # A connection to an address or a path.
---| '"resolve"' # The address of a name.
---| '"read"' # To read a file or folder, or to ask about it.
---| '"write"' # To write, make or remove one.
---| '"execute"' # To run a program.

---@alias standard_handle
---| '"share"' # That of the parent.
---| '"ignore"' # /dev/null.

---@class control_group_abilities
---@field memory boolean Of how much memory all processes of a sandbox have together.
---@field processes boolean Of how many processes there are, also for the system's root.

---@class folder_change
---@field path string What it is about, from the folder on. Of something removed, all that was in it is told, too.
---@field change change_kind What became of it.
---@field type file_type What it is now, or was before it was removed.
---@field size number Bytes; 0 of a folder.

---@class guest_options
---@field program string|filesystem.path What runs. A name is looked for in the PATH that this program was started with; a path is one of the sandbox.
---@field arguments? string[] Its words, of which the first is its name: `ls`, `-l`; none if left out.
---@field environment? table<string, string> Its variables, by name; none if left out.
---@field stdin? standard_handle|file_descriptor.file_descriptor What it reads from; a pipe whose other end is closed, if left out.
---@field stdout? standard_handle|file_descriptor.file_descriptor What it writes to; a pipe whose other end is closed, if left out.
---@field stderr? standard_handle|file_descriptor.file_descriptor What it complains to; a pipe whose other end is closed, if left out.
---@field working_directory? filesystem.path Where it is, a relative path from the folder of this program on; the folder of the policy's `copy_on_write` or the root, if left out.

---@class landlock_abilities
---@field abi integer The version of its interface; 0 for none.

---@class limit_options
---@field memory? integer Bytes of address space that each process may have (RLIMIT_AS), and bytes of memory that all of them may have together, as far as `memory_scope` says.
---@field memory_scope? memory_scope Of whom memory is counted. Left out, of all together where a control group can be had, and else of each process alone; `guest.memory_scope` tells which.
---@field processes? integer Processes and threads that there may be at once.
---@field seconds? number Seconds after which it is ended.
---@field processor? integer Seconds of the processor that each process may take. RLIMIT_CPU.
---@field file_size? integer Bytes that a file it writes may have. RLIMIT_FSIZE.
---@field descriptors? integer Descriptors that each process may have open. RLIMIT_NOFILE.

---@class namespace_abilities
---@field user boolean Users and rights of its own.
---@field mount boolean Files.
---@field pid boolean Processes.
---@field ipc boolean Queues and shared memory of System V.
---@field uts boolean A name of the host.
---@field net boolean A network.
---@field cgroup boolean Control groups.

---@class network_rules
---@field allow string[] Hosts with their ports, over TCP, and paths of UNIX sockets or of folders that have some: "example.org:443", "*.example.org:*", "10.0.0.0/8:5432", "[::1]:8000-8010", "*:443", "/run/service.sock". "*" has nothing of this machine or this link.

---@class policy
---@field read? (string|filesystem.path)[] Files, and folders with all below, that it may read, and run unless `execute` says which.
---@field write? (string|filesystem.path)[] Files, and folders with all below, that it may read and change, but not run.
---@field execute? (string|filesystem.path)[] Files, and folders with all below, that it may read and run; what it may read, if left out.
---@field copy_on_write? string|filesystem.path A folder that it finds, reads and changes as it likes, while the one of the host stays as it is until `sandbox.commit`; also where programs begin. One guest at a time.
---@field network? network_access|network_rules What it may reach, or where it may connect to; "none" if left out.
---@field temporary? integer Bytes of an empty /tmp of its own, in memory; none if left out. What is written there is run if `execute` has "/tmp". With namespaces only.
---@field limits? limit_options How much of everything it may use.
---@field explain? boolean Whether `guest.refused` tells of files, too, which makes each call that names one slower; false if left out.
---@field foundation? foundation What it has to stand on; namespaces where there are some, if left out.

---@class probe_result
---@field foundation? foundation What a sandbox would stand on here; nothing if there can be none.
---@field namespaces namespace_abilities Those that can be had.
---@field landlock landlock_abilities What the kernel has of Landlock.
---@field control_groups control_group_abilities What limits control groups can hold.
---@field seccomp boolean Whether system calls can be filtered.
---@field reason? string Who refuses namespaces, if somebody does and it is known.
---@field advice? string What an administrator can do.

---@class refused_request
---@field operation refused_operation What it asked for.
---@field target string An address with its port, a name or a path.
---@field field string The field of the policy that would allow it: "network.allow", "read", "write" or "execute".
---@field value string What it would have to have.
---@field count integer How often it was asked for.

---@class running_guest
---@field pid integer The number of the process that holds the sandbox, for `sandbox.kill`.
---@field program string What runs: the program, or the module of an actor.
---@field actor boolean Whether it is an actor.
---@field foundation foundation What its sandbox stands on.
---@field since number When it was started: seconds since the beginning of 1970, UTC.
---@field processor_time? number Seconds of the processor that its processes have taken; nothing where /proc hides one (`hidepid`).
---@field memory? number Bytes of memory that they have: as its control group counts them, or the sum of what each has, in which shared memory is counted more than once; nothing where /proc hides one and no group counts.
---@field memory_scope? memory_scope Of whom the limit of memory counts it; nothing without one.

---A program in a sandbox. One that nobody waits for is ended when its object is collected.
---@class sandbox.guest
---@field exit_code integer What the program passed to exit(3), or 128 and the signal that ended it.
---@field exit_signal integer? The signal that ended the program; nothing if none did.
---@field limit limit_kind? Which limit of the policy ended the program, or kept it from starting processes until it failed; nothing if none did.
---@field processor_time number Seconds of the processor that it took, with all that it started.
---@field pid integer? The number of the process that holds the sandbox; nothing when it was waited for.
---@field refused refused_request[] What it asked for until now and did not get, each thing once.
---@field foundation foundation What its sandbox stands on.
---@field memory_scope memory_scope? Of whom `limits.memory` counts memory: of all processes of the sandbox together, besides each alone, where a control group holds it, or only of each alone; nothing without that limit.
sandbox.guest = {}

---Waits until the program has ended, and all that it started with it.
---
---Afterwards `guest.exit_code`, `guest.exit_signal` and `guest.limit` tell how. Several may wait; one that is
---canceled takes nothing away.
---@async
function sandbox.guest:wait() end

---Sends a signal to the program.
---
---SIGKILL ends all that is in the sandbox. ESRCH when it has ended. pidfd_send_signal(2).
---@param signal integer A signal; 0 sends nothing and only checks.
function sandbox.guest:kill(signal) end

---What may be done, by programs of any kind.
---@class sandbox.sandbox
---@field foundation foundation What it stands on.
---@field memory number? Bytes that each process may have, as the policy says; nothing if it does not.
sandbox.sandbox = {}

---Makes a sandbox, in which nothing runs yet.
---
---What this system cannot enforce is an error of category "sandbox" that says which layer is missing, what the
---system answered and what an administrator can do; never a weaker sandbox. EINVAL for a policy that contradicts
---itself.
---@param policy? policy What they may do; nothing but to compute, if left out.
---@return sandbox.sandbox
function sandbox.sandbox.new(policy) end

---Starts a program in the sandbox.
---
---When it runs, this is through. What is in the policy has to be there: ENOENT with the path at fault.
---@async
---@param opts guest_options What runs, and with what.
---@return sandbox.guest
function sandbox.sandbox:spawn(opts) end

---Runs a program in the sandbox until it has ended, and all that it started with it.
---
---Suspends. Gives a table with `exit_code`, `exit_signal`, `limit`, `stdout`, `stderr`, `truncated`,
---`processor_time`, `foundation`, `memory_scope` and `refused`. When the fiber is canceled or something fails, all
---that is in the sandbox is ended first.
---@async
---@param opts any As in `sandbox.spawn`, with `input`, what the program reads, and `limit`, how many bytes of each stream are kept, instead of the streams.
---@return any
function sandbox.sandbox:run(opts) end

---Waits until the actors that were started in the sandbox are confined.
---
---Before, they run nothing of their programs. Fails with what could not be enforced, as `sandbox.new` does, or
---ECHILD for an actor that ended before.
---@async
function sandbox.sandbox:handshake() end

---Tells what guests made of the folder of `copy_on_write`, by path.
---
---What has become as it was is not told. EINVAL without such a folder, EBUSY while a guest runs, EOVERFLOW for more
---than a million.
---@async
---@return folder_change[]
function sandbox.sandbox:changes() end

---Brings all of `sandbox.changes` to the folder of `copy_on_write`, and begins anew with it.
---
---Each file is replaced at once, all of them one after the other; what fails names the path, and can be called
---again. No link is followed out of the folder. Setuid bits, FIFOs, sockets and extended attributes are left
---behind. EINVAL and EBUSY as `sandbox.changes`.
---@async
function sandbox.sandbox:commit() end

---Forgets what guests made of the folder of `copy_on_write`.
---
---EINVAL and EBUSY as `sandbox.changes`.
---@async
function sandbox.sandbox:discard() end

---Makes a sandbox, in which nothing runs yet.
---@param policy? policy As in `sandbox.new`.
---@return sandbox.sandbox
function sandbox.new(policy) end

---Runs programs at once, each in a sandbox of its own, of which each reads what the one before writes, until all
---have ended.
---
---Suspends. What goes from one to the next does not pass through this process. Gives a table with `stdout`,
---`truncated` and `stages`, which has a table for each as `run` does. When the fiber is canceled or one cannot be
---started, all that is in all of the sandboxes is ended first.
---@async
---@param stages any The programs, in their order: as in `sandbox.spawn`, with `sandbox`, what each may do, instead of the streams.
---@param opts? any `input`, what the first one reads, and `limit`, how many bytes of each stream are kept.
---@return any
function sandbox.pipeline(stages, opts) end

---Where the system has its programs and their libraries: what most policies let their programs read.
---
---Those that are there of /usr, /bin, /sbin, /lib, /lib64 and of what finds libraries in /etc: nothing of anybody's
---own, as long as nobody keeps such things in /usr/local.
---@return string[]
function sandbox.system_paths() end

---Tells what runs in sandboxes that this process has started, the oldest first.
---
---Actors and programs of all VMs of the process; not what a guest has in sandboxes of its own.
---@return running_guest[]
function sandbox.list() end

---Sends a signal to a guest of this process.
---
---ESRCH where none of its guests has this number any more: no other process is ever sent one. pidfd_send_signal(2).
---@param pid integer The number of a guest, from `sandbox.list`.
---@param signal? integer A signal; without it, SIGKILL, which ends all that is in the sandbox.
function sandbox.kill(pid, signal) end

---Tells what sandboxes have to stand on here, by trying it.
---@return probe_result
function sandbox.probe() end

return sandbox

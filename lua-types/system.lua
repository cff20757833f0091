---@meta system
-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Written by native-core/generate from the description of the module; change that instead.

---What belongs to the process: its arguments and environment, its standard streams, signals.
---@class system
local system = {}

---@class exit_options
---@field force? integer|string 0 cleans up, 2 does next to nothing, "abort" is abort(3).

system.signal = {}

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

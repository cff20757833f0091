---@meta serial_port
-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Written by native-core/generate from the description of the module; change that instead.

---Serial ports, and terminals of every other kind.
---@class serial_port
local serial_port = {}

---@alias flow_control
---| '"software"' # Characters stop and start it: XON, XOFF.
---| '"hardware"' # Lines of the cable do: RTS, CTS.

---@alias parity
---| '"odd"' # The number of ones, the parity bit's too, is odd.
---| '"even"' # It is even.

---@alias stop_bits
---| '"one"' # One bit.
---| '"one_point_five"' # One and a half.
---| '"two"' # Two bits.

---@class window_size
---@field rows integer Lines of text.
---@field columns integer Characters in a line.

---A serial port, or either end of a pseudoterminal.
---@class serial_port.serial_port
---@field is_open boolean Whether the port is open.
---@field window_size window_size How large the window is that shows the terminal.
---@field baud_rate integer Bits a second, in both directions.
---@field flow_control flow_control? How a receiver stops its sender; nothing: not at all.
---@field parity parity? What a bit behind each character makes of it; nothing: there is no such bit.
---@field stop_bits stop_bits What ends a character.
---@field character_size integer The bits of a character, from 5 to 8.
serial_port.serial_port = {}

---Opens a port, for raw bytes.
---
---Its settings become those of cfmakeraw(3), with the receiver on and the lines of a modem ignored; the rest stays
---as it is. Never becomes the terminal that controls this process. ENOENT, EACCES, EBUSY, ENOTTY for what is no
---terminal; already_open when this object is open. open(2).
---@param device string Its file, such as /dev/ttyS0.
function serial_port.serial_port:open(device) end

---Closes the port.
---
---Pending operations fail with operation_aborted. Closing again does nothing. A device may take its time to send
---what was written. close(2).
function serial_port.serial_port:close() end

---Ends all pending operations.
---
---They fail with operation_aborted; what has succeeded already is delivered. EBADF when it is closed.
function serial_port.serial_port:cancel() end

---Takes a terminal that was opened elsewhere.
---
---It belongs to this object then, with its settings as they are, and the given one is closed. Its flags stay too,
---but for O_NONBLOCK of a master. EINVAL for "fd" when it is no terminal; already_open when this object is open.
---@param fd file_descriptor.file_descriptor A descriptor of a terminal. Taken over: closed afterwards, if the call succeeds.
function serial_port.serial_port:assign(fd) end

---Gives the descriptor away.
---
---Pending operations fail with operation_aborted; this object is closed afterwards and may be opened again. EBADF
---when it is closed.
---@return file_descriptor.file_descriptor
function serial_port.serial_port:release() end

---Reads what has arrived, and waits if nothing has.
---
---Suspends. Gives the number of bytes, at least one; 0 for an empty buffer. The error eof when the other side hung
---up: of a master, when nobody has the terminal open any more. EIO when the terminal may not be read by a process
---in the background. read(2).
---@async
---@param buffer byte_span Where the data goes.
---@return integer
function serial_port.serial_port:read_some(buffer) end

---Writes as much as fits, and waits if nothing does.
---
---Suspends. Gives the number of bytes taken, which can be fewer than asked for: see `stream.write_all`. EIO when
---the other side hung up. write(2).
---@async
---@param buffer byte_span The data.
---@return integer
function serial_port.serial_port:write_some(buffer) end

---Holds the line for a quarter of a second, as no character does.
---
---What is still to be sent goes first. Ends that are no device, as those of `serial_port.ptypair`, do nothing.
---EBADF when it is closed. tcsendbreak(3).
function serial_port.serial_port:send_break() end

---Whether it is a terminal.
---
---All that can be opened is. EBADF when it is closed. isatty(3).
---@return boolean
function serial_port.serial_port:isatty() end

---The foreground process group of the terminal.
---
---0 when there is none. ENOTTY when it is neither the terminal that controls this process nor a master.
---tcgetpgrp(3).
---@return integer
function serial_port.serial_port:tcgetpgrp() end

---Makes a process group the foreground of the terminal.
---
---ENOTTY when it does not control this process, EPERM for a group of another session. A background process is
---stopped by SIGTTOU unless that is ignored. tcsetpgrp(3).
---@param pgrp_id integer A process group of this session.
function serial_port.serial_port:tcsetpgrp(pgrp_id) end

---Makes a closed port, or one of a descriptor.
---
---The descriptor is taken as `serial_port.assign` does.
---@param fd? file_descriptor.file_descriptor A descriptor of a terminal. Taken over: closed afterwards, if the call succeeds.
---@return serial_port.serial_port
function serial_port.new(fd) end

---Makes a pseudoterminal: its master, and the terminal itself.
---
---What is written to one is read from the other, by way of the terminal's settings. The second is for a child
---process, as its streams and as `set_ctty` of `system.spawn`; it controls nobody before. Both are closed on exec.
---EMFILE when the process has too many descriptors, ENOSPC when there are too many pseudoterminals.
---posix_openpt(3), ioctl_tty(2): TIOCGPTPEER.
---@return serial_port.serial_port
---@return file_descriptor.file_descriptor
function serial_port.ptypair() end

return serial_port

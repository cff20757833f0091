---@meta pipe
-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Written by native-core/generate from the description of the module; change that instead.

---Pipes: bytes in one direction, within a process or to another one.
---@class pipe
local pipe = {}

---The end of a pipe that is read from.
---@class pipe.read_stream
---@field is_open boolean Whether this end is open.
pipe.read_stream = {}

---Makes a closed end, or one of a descriptor, which is taken as `read_stream.assign` does.
---@param fd? file_descriptor.file_descriptor A descriptor that can be read from. Taken over: closed afterwards, if the call succeeds.
---@return pipe.read_stream
function pipe.read_stream.new(fd) end

---Reads what has arrived, and waits if nothing has.
---
---Suspends. Gives the number of bytes, at least one; 0 for an empty buffer. The error eof when the other end is
---closed and nothing is left. read(2).
---@async
---@param buffer byte_span Where the data goes.
---@return integer
function pipe.read_stream:read_some(buffer) end

---Closes this end.
---
---Pending operations fail with operation_aborted. Closing again does nothing. close(2).
function pipe.read_stream:close() end

---Ends all pending operations of this end.
---
---They fail with operation_aborted; what has succeeded already is delivered. EBADF when it is closed.
function pipe.read_stream:cancel() end

---Takes a descriptor that was opened elsewhere.
---
---It belongs to this object then, with its flags as they are, and the given one is closed. EINVAL for "fd" when it
---was not opened for that, EPERM when it is a file, which never makes anybody wait; already_open when this object
---is open.
---@param fd file_descriptor.file_descriptor A descriptor that can be read from. Taken over: closed afterwards, if the call succeeds.
function pipe.read_stream:assign(fd) end

---Gives the descriptor away.
---
---Pending operations fail with operation_aborted; this object is closed afterwards and may be assigned to again.
---EBADF when it is closed.
---@return file_descriptor.file_descriptor
function pipe.read_stream:release() end

---The end of a pipe that is written to.
---@class pipe.write_stream
---@field is_open boolean Whether this end is open.
pipe.write_stream = {}

---Makes a closed end, or one of a descriptor, which is taken as `write_stream.assign` does.
---@param fd? file_descriptor.file_descriptor A descriptor that can be written to. Taken over: closed afterwards, if the call succeeds.
---@return pipe.write_stream
function pipe.write_stream.new(fd) end

---Writes as much as fits, and waits if nothing does.
---
---Suspends. Gives the number of bytes taken, which can be fewer than asked for: see `stream.write_all`. EPIPE when
---the other end is closed; never a SIGPIPE. write(2).
---@async
---@param buffer byte_span The data.
---@return integer
function pipe.write_stream:write_some(buffer) end

---Closes this end.
---
---Pending operations fail with operation_aborted. Closing again does nothing. close(2).
function pipe.write_stream:close() end

---Ends all pending operations of this end.
---
---They fail with operation_aborted; what has succeeded already is delivered. EBADF when it is closed.
function pipe.write_stream:cancel() end

---Takes a descriptor that was opened elsewhere.
---
---It belongs to this object then, with its flags as they are, and the given one is closed. EINVAL for "fd" when it
---was not opened for that, EPERM when it is a file, which never makes anybody wait; already_open when this object
---is open.
---@param fd file_descriptor.file_descriptor A descriptor that can be written to. Taken over: closed afterwards, if the call succeeds.
function pipe.write_stream:assign(fd) end

---Gives the descriptor away.
---
---Pending operations fail with operation_aborted; this object is closed afterwards and may be assigned to again.
---EBADF when it is closed.
---@return file_descriptor.file_descriptor
function pipe.write_stream:release() end

---Makes a pipe: an end to read from and one to write to.
---
---EMFILE when the process has too many descriptors. Both are closed on exec. pipe(2).
---@return pipe.read_stream
---@return pipe.write_stream
function pipe.pair() end

return pipe

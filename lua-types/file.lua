---@meta file
-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Written by native-core/generate from the description of the module; change that instead.

---Files: what is in them, in order or at any place, and their locks.
---@class file
local file = {}

---@alias file_open_flag
---| '"append"' # Each write goes to the end (O_APPEND).
---| '"create"' # Makes the file if there is none.
---| '"exclusive"' # With `create`: refuses a file that is there (EEXIST).
---| '"read_only"' # For reading.
---| '"read_write"' # For both.
---| '"sync_all_on_write"' # A write is done when it is on the disk (O_SYNC).
---| '"truncate"' # Empties the file first.
---| '"write_only"' # For writing.

---@alias seek_origin
---| '"set"' # The beginning of the file.
---| '"cur"' # Where the position is.
---| '"end"' # The end of the file.

---A file that is read and written at any place.
---@class file.random_access
---@field is_open boolean Whether the file is open.
---@field size integer The size of the file in bytes.
file.random_access = {}

---Makes a closed file, or one of a descriptor.
---@param fd? file_descriptor.file_descriptor A descriptor that was opened elsewhere. Taken over: closed afterwards, if the call succeeds.
---@return file.random_access
function file.random_access.new(fd) end

---Opens a file.
---
---Blocks as long as the system does, on a FIFO until somebody opens its other end. ENOENT, EACCES, EEXIST, EISDIR
---and others; EINVAL for flags that contradict each other; already_open. open(2).
---@param path filesystem.path The file.
---@param flags? file_open_flag[] How; for reading, if they do not say.
---@param mode? integer Of a file that is made, less the umask: 0666 if it is left out. Not negative.
function file.random_access:open(path, flags, mode) end

---Closes the file.
---
---Pending operations fail with operation_aborted; what the system has done already is delivered. Closing again does
---nothing. close(2).
function file.random_access:close() end

---Ends all pending operations of this file.
---
---They fail with operation_aborted; what the system has done already, or will not give up, is delivered. EBADF when
---the file is closed.
function file.random_access:cancel() end

---Takes a descriptor that was opened elsewhere.
---
---It belongs to this object then, and the given one is closed. already_open when this object is open.
---@param fd file_descriptor.file_descriptor The descriptor. Taken over: closed afterwards, if the call succeeds.
function file.random_access:assign(fd) end

---Gives the descriptor away.
---
---Pending operations fail with operation_aborted; this object is closed afterwards and may be assigned to again.
---EBADF when it is closed.
---@return file_descriptor.file_descriptor
function file.random_access:release() end

---Cuts the file off there, or fills it up with zeros.
---
---EINVAL when it is not open for writing, EFBIG. ftruncate(2).
---@param n integer The size in bytes. Not negative.
function file.random_access:resize(n) end

---Waits until what was written is on the disk, with all that describes it.
---
---Suspends. EIO when something could not be written. fsync(2).
---@async
function file.random_access:sync_all() end

---Waits until what was written is on the disk, with what is needed to read it again.
---
---Suspends. EIO when something could not be written. fdatasync(2).
---@async
function file.random_access:sync_data() end

---Waits for the exclusive advisory lock of the file.
---
---Suspends. The lock belongs to the open file: descriptors made by `file_descriptor.file_descriptor.dup` share it,
---a file that is opened twice has two. A shared lock that this one has is given up first. Nobody has it when the
---wait was canceled. flock(2).
---@async
function file.random_access:lock() end

---Waits for a shared advisory lock of the file.
---
---Suspends. Any number of open files may have one, while none has the exclusive lock. See `lock`. flock(2).
---@async
function file.random_access:lock_shared() end

---Takes the exclusive advisory lock if it is free.
---
---Tells whether it did. An own shared lock is lost if it did not. Never suspends. flock(2), LOCK_NB.
---@return boolean
function file.random_access:try_lock() end

---Takes a shared advisory lock if there is no exclusive one.
---
---Tells whether it did. Never suspends. flock(2), LOCK_NB.
---@return boolean
function file.random_access:try_lock_shared() end

---Gives the lock back.
---
---Does nothing where there is none. Never suspends. flock(2).
function file.random_access:unlock() end

---Reads what lies at a place of the file.
---
---Suspends if it has to wait for the disk; any number may be under way at the same time. Gives the number of bytes,
---at least one; 0 for an empty buffer. eof where the file has ended. ESPIPE for what has no places, such as a FIFO.
---pread(2).
---@async
---@param offset integer Where in the file, 0 is its beginning. Not negative.
---@param buffer byte_span Where the data goes.
---@return integer
function file.random_access:read_some_at(offset, buffer) end

---Writes at a place of the file.
---
---Suspends if it has to wait for the disk; any number may be under way at the same time. Gives the number of bytes
---taken, which can be fewer than asked for: see `write_all_at`. At the end of the file wherever that is, if it was
---opened with `append`. ENOSPC, EFBIG, ESPIPE. pwrite(2).
---@async
---@param offset integer Where in the file, 0 is its beginning. Not negative.
---@param buffer byte_span The data.
---@return integer
function file.random_access:write_some_at(offset, buffer) end

---A file that is read and written from one end to the other.
---@class file.stream
---@field is_open boolean Whether the file is open.
---@field size integer The size of the file in bytes.
file.stream = {}

---Makes a closed file, or one of a descriptor.
---@param fd? file_descriptor.file_descriptor A descriptor that was opened elsewhere. Taken over: closed afterwards, if the call succeeds.
---@return file.stream
function file.stream.new(fd) end

---Opens a file.
---
---Blocks as long as the system does, on a FIFO until somebody opens its other end. ENOENT, EACCES, EEXIST, EISDIR
---and others; EINVAL for flags that contradict each other; already_open. open(2).
---@param path filesystem.path The file.
---@param flags? file_open_flag[] How; for reading, if they do not say.
---@param mode? integer Of a file that is made, less the umask: 0666 if it is left out. Not negative.
function file.stream:open(path, flags, mode) end

---Closes the file.
---
---Pending operations fail with operation_aborted; what the system has done already is delivered. Closing again does
---nothing. close(2).
function file.stream:close() end

---Ends all pending operations of this file.
---
---They fail with operation_aborted; what the system has done already, or will not give up, is delivered. EBADF when
---the file is closed.
function file.stream:cancel() end

---Takes a descriptor that was opened elsewhere.
---
---It belongs to this object then, and the given one is closed. already_open when this object is open.
---@param fd file_descriptor.file_descriptor The descriptor. Taken over: closed afterwards, if the call succeeds.
function file.stream:assign(fd) end

---Gives the descriptor away.
---
---Pending operations fail with operation_aborted; this object is closed afterwards and may be assigned to again.
---EBADF when it is closed.
---@return file_descriptor.file_descriptor
function file.stream:release() end

---Cuts the file off there, or fills it up with zeros.
---
---EINVAL when it is not open for writing, EFBIG. ftruncate(2).
---@param n integer The size in bytes. Not negative.
function file.stream:resize(n) end

---Waits until what was written is on the disk, with all that describes it.
---
---Suspends. EIO when something could not be written. fsync(2).
---@async
function file.stream:sync_all() end

---Waits until what was written is on the disk, with what is needed to read it again.
---
---Suspends. EIO when something could not be written. fdatasync(2).
---@async
function file.stream:sync_data() end

---Waits for the exclusive advisory lock of the file.
---
---Suspends. The lock belongs to the open file: descriptors made by `file_descriptor.file_descriptor.dup` share it,
---a file that is opened twice has two. A shared lock that this one has is given up first. Nobody has it when the
---wait was canceled. flock(2).
---@async
function file.stream:lock() end

---Waits for a shared advisory lock of the file.
---
---Suspends. Any number of open files may have one, while none has the exclusive lock. See `lock`. flock(2).
---@async
function file.stream:lock_shared() end

---Takes the exclusive advisory lock if it is free.
---
---Tells whether it did. An own shared lock is lost if it did not. Never suspends. flock(2), LOCK_NB.
---@return boolean
function file.stream:try_lock() end

---Takes a shared advisory lock if there is no exclusive one.
---
---Tells whether it did. Never suspends. flock(2), LOCK_NB.
---@return boolean
function file.stream:try_lock_shared() end

---Gives the lock back.
---
---Does nothing where there is none. Never suspends. flock(2).
function file.stream:unlock() end

---Sets the position, where reading and writing go on.
---
---Gives it, from the beginning of the file. EINVAL for one before that, ESPIPE for what has no position, such as a
---FIFO. lseek(2).
---@param offset integer How far from there, in bytes.
---@param whence seek_origin From where on.
---@return integer
function file.stream:seek(offset, whence) end

---Reads what lies at the position, and moves it on.
---
---Suspends if it has to wait; what is asked for meanwhile comes after it. Gives the number of bytes, at least one;
---0 for an empty buffer. eof at the end of the file. read(2).
---@async
---@param buffer byte_span Where the data goes.
---@return integer
function file.stream:read_some(buffer) end

---Writes at the position, and moves it on.
---
---Suspends if it has to wait; what is asked for meanwhile comes after it. Gives the number of bytes taken, which
---can be fewer than asked for: see `stream.write_all`. ENOSPC, EFBIG. write(2).
---@async
---@param buffer byte_span The data.
---@return integer
function file.stream:write_some(buffer) end

---Reads at a place of the file until the buffer is full.
---
---Suspends. Fails as read_some_at does, with eof where the file ends early; what was read until then is in the
---buffer.
---@async
---@param file any What has read_some_at.
---@param offset integer Where in the file, 0 is its beginning. Not negative.
---@param buffer byte_span Where the bytes go.
---@return integer
function file.read_all_at(file, offset, buffer) end

---Reads at a place of the file until `minimum` bytes are there, maybe more.
---
---Suspends. Fails as read_some_at does, with eof where the file ends early; what was read until then is in the
---buffer.
---@async
---@param file any What has read_some_at.
---@param offset integer Where in the file, 0 is its beginning. Not negative.
---@param buffer byte_span Where the bytes go.
---@param minimum integer At most the length of the buffer. Not negative.
---@return integer
function file.read_at_least_at(file, offset, buffer, minimum) end

---Writes all of it at a place of the file.
---
---Suspends. Fails as write_some_at does; what was written until then is not told.
---@async
---@param file any What has write_some_at.
---@param offset integer Where in the file, 0 is its beginning. Not negative.
---@param buffer byte_span|string The bytes.
---@return integer
function file.write_all_at(file, offset, buffer) end

---Writes at a place of the file until `minimum` bytes are written, maybe more.
---
---Suspends. Fails as write_some_at does; what was written until then is not told.
---@async
---@param file any What has write_some_at.
---@param offset integer Where in the file, 0 is its beginning. Not negative.
---@param buffer byte_span|string The bytes.
---@param minimum integer At most the length of the buffer. Not negative.
---@return integer
function file.write_at_least_at(file, offset, buffer, minimum) end

return file

---@meta filesystem
-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Written by native-core/generate from the description of the module; change that instead.

---Paths, and the files and folders behind them.
---@class filesystem
local filesystem = {}

---@alias copy_instead
---| '"directories_only"' # Only the folders.
---| '"create_symlinks"' # Links to the files; `from` is absolute, then.
---| '"create_hardlinks"' # More names of the files.

---@alias device_kind
---| '"character"' # A character device (S_IFCHR).
---| '"block"' # A block device (S_IFBLK).

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

---@alias mode_bit
---| '"set_uid"' # Runs as its owner (S_ISUID).
---| '"set_gid"' # Runs as its group (S_ISGID).
---| '"sticky_bit"' # In this folder, only owners remove files (S_ISVTX).

---@alias no_mode
---| '"unknown"' # Nobody knows.

---@alias on_existing
---| '"skip"' # Keeps the file that is there.
---| '"overwrite"' # Replaces it.
---| '"update"' # Replaces it if it is the older one.

---@alias on_symlink
---| '"copy"' # Makes the same link there.
---| '"skip"' # Leaves links out.

---@alias open_flag
---| '"append"' # Each write goes to the end (O_APPEND).
---| '"create"' # Makes the file if there is none.
---| '"directory"' # Refuses what is no folder (ENOTDIR).
---| '"exclusive"' # With `create`: refuses a file that is there (EEXIST).
---| '"no_follow"' # Refuses a symbolic link (ELOOP).
---| '"path"' # Refers to it without opening it (O_PATH).
---| '"read_only"' # For reading.
---| '"read_write"' # For both.
---| '"sync_all_on_write"' # A write is done when it is on the disk (O_SYNC).
---| '"temporary"' # A file without a name in the folder that is given (O_TMPFILE).
---| '"truncate"' # Empties the file first.
---| '"write_only"' # For writing.

---@class copy_options
---@field existing? on_existing What happens to a file that is there; an error (EEXIST) if nothing is said.
---@field recursive? boolean Copies what is in folders, too.
---@field symlinks? on_symlink What happens to symbolic links, which are followed if nothing is said.
---@field copy? copy_instead What is made in place of copies.

---@class directory_options
---@field skip_permission_denied? boolean A folder that may not be read is an empty one.

---@class file_status
---@field type file_type What it is.
---@field mode integer|no_mode Its permissions (chmod(2)), unless there is nothing that could have any.

---@class recursive_directory_options
---@field skip_permission_denied? boolean Passes over the folders that may not be read.
---@field follow_directory_symlink? boolean Enters folders through symbolic links too.

---@class space_info
---@field capacity integer The size of the file system.
---@field free integer What of it is free.
---@field available integer What of it is free for other users than root.

filesystem.clock = {}

---A path, apart from what lies there: nothing of this asks the file system. File names are bytes and need not be
---UTF-8.
---@class filesystem.path
---@field root_name string What is before the root directory: empty on Linux.
---@field root_directory string "/" of an absolute path, otherwise empty.
---@field root_path filesystem.path The root name and the root directory.
---@field relative_path filesystem.path What follows the root path.
---@field parent_path filesystem.path The path without its last part; of a root itself.
---@field filename string The last part; empty after a slash.
---@field stem string The last part without its extension.
---@field extension string The last part from its last dot on, unless that is its first character.
---@field empty boolean Whether there is nothing in it.
---@field has_root_path boolean Whether the root path is not empty.
---@field has_root_name boolean Whether the root name is not empty.
---@field has_root_directory boolean Whether the root directory is not empty.
---@field has_relative_path boolean Whether the relative path is not empty.
---@field has_parent_path boolean Whether the parent path is not empty.
---@field has_filename boolean Whether the filename is not empty.
---@field has_stem boolean Whether the stem is not empty.
---@field has_extension boolean Whether the extension is not empty.
---@field is_absolute boolean Whether it begins at the root.
---@field is_relative boolean Whether it begins wherever the process is.
---@operator div(filesystem.path|string): filesystem.path
---@operator concat(filesystem.path|string): filesystem.path
filesystem.path = {}

---Makes a path from its text.
---@param text? string Nothing means the empty path.
---@return filesystem.path
function filesystem.path.new(text) end

---Makes a path from its portable text.
---
---On Linux both are the same.
---@param source? string With / between its parts.
---@return filesystem.path
function filesystem.path.from_generic(source) end

---The portable text of the path.
---
---On Linux its text.
---@return string
function filesystem.path:to_generic() end

---The path with the preferred separators of the system.
---
---On Linux the path itself.
---@return filesystem.path
function filesystem.path:make_preferred() end

---The path without its last part; the slash before it stays.
---@return filesystem.path
function filesystem.path:remove_filename() end

---The path with another last part.
---@param replacement filesystem.path|string The new name.
---@return filesystem.path
function filesystem.path:replace_filename(replacement) end

---The path with another extension.
---@param replacement? filesystem.path|string With or without its dot; nothing removes the extension.
---@return filesystem.path
function filesystem.path:replace_extension(replacement) end

---The path without its superfluous parts: ".", "a/..", repeated slashes.
---
---Nothing is looked up, so a symbolic link before ".." makes a difference.
---@return filesystem.path
function filesystem.path:lexically_normal() end

---The way from `base` to here.
---
---Empty when there is none: one is absolute and the other is not, or `base` has more ".." than this.
---@param base filesystem.path|string Where to begin.
---@return filesystem.path
function filesystem.path:lexically_relative(base) end

---The way from `base` to here, or the path itself when there is none.
---@param base filesystem.path|string Where to begin.
---@return filesystem.path
function filesystem.path:lexically_proximate(base) end

---Goes through the parts of the path: the root directory, if any, and the names.
---
---After a slash at the end comes an empty one.
---@return fun(): string?
---@return filesystem.path_iterator
function filesystem.path:iterator() end

---Goes through the parts of a path.
---@class filesystem.path_iterator
filesystem.path_iterator = {}

---The next part.
---@return string?
function filesystem.path_iterator:next() end

---An instant of the clock of files, exact to the nanosecond. Instants compare with each other; an instant plus or
---minus seconds is an instant, an instant minus an instant is seconds.
---@class filesystem.clock.time_point
---@field seconds_since_epoch number Seconds since the epoch of the clock, which is `clock.epoch`.
---@field seconds_since_unix_epoch number Seconds since 1 January 1970, 00:00 UTC.
---@operator add(number): filesystem.clock.time_point
---@operator sub(number): filesystem.clock.time_point
---@operator sub(filesystem.clock.time_point): number
filesystem.clock.time_point = {}

---Moves this instant forward.
---
---Seconds are rounded to the nearest nanosecond, halves to even. What lies more than 292 years from the epoch stops
---there. NaN is EINVAL.
---@param secs number Seconds; may be negative.
function filesystem.clock.time_point:add(secs) end

---Moves this instant back.
---
---Seconds are rounded to the nearest nanosecond, halves to even. What lies more than 292 years from the epoch stops
---there. NaN is EINVAL.
---@param secs number Seconds; may be negative.
function filesystem.clock.time_point:sub(secs) end

---The same instant on the system clock.
---
---What that clock cannot say stops at its end, in 2262.
---@return time.system_clock.time_point
function filesystem.clock.time_point:to_system() end

---What a folder holds. What the folder itself has told is known; the file is asked when something else is first
---wanted.
---@class filesystem.directory_entry
---@field path filesystem.path Where it lies: the folder that was given, and the way from there.
---@field type file_type What it is; a symbolic link is itself.
---@field file_size integer The size of the file in bytes.
---@field hardlink_count integer How many names the file has.
---@field last_write_time filesystem.clock.time_point When its content was last modified.
---@field status file_status What `status` says of it.
---@field symlink_status file_status What `symlink_status` says of it.
filesystem.directory_entry = {}

---Looks at the file again.
---
---ENOENT when it is gone. lstat(2).
function filesystem.directory_entry:refresh() end

---Goes through a folder.
---@class filesystem.directory_iterator_
filesystem.directory_iterator_ = {}

---The next entry.
---
---A failure ends the iteration. getdents64(2).
---@return filesystem.directory_entry?
function filesystem.directory_iterator_:next() end

---Ends the iteration.
function filesystem.directory_iterator_:close() end

---Goes through a folder and all below.
---@class filesystem.recursive_directory_iterator_
---@field recursion_pending boolean Whether the entry that came last is entered if it is a folder.
filesystem.recursive_directory_iterator_ = {}

---The next entry, and how deep it lies.
---
---A failure ends the iteration: EACCES for a folder that may not be read. A link that leads round in a circle is
---not entered. getdents64(2).
---@return filesystem.directory_entry? entry
---@return integer? depth
function filesystem.recursive_directory_iterator_:next() end

---Leaves the folder: the next entry is the one after it in the folder above.
---
---In the folder that was given it ends the iteration.
function filesystem.recursive_directory_iterator_:pop() end

---Does not enter the folder that came last.
function filesystem.recursive_directory_iterator_:disable_recursion_pending() end

---Ends the iteration.
function filesystem.recursive_directory_iterator_:close() end

---The present.
---@return filesystem.clock.time_point
function filesystem.clock.now() end

---The epoch of this clock, which is nothing to rely on.
---@return filesystem.clock.time_point
function filesystem.clock.epoch() end

---1 January 1970, 00:00 UTC.
---@return filesystem.clock.time_point
function filesystem.clock.unix_epoch() end

---The same instant on the clock of files.
---@param tp time.system_clock.time_point An instant of the system clock.
---@return filesystem.clock.time_point
function filesystem.clock.from_system(tp) end

---Goes through a folder, in no order.
---
---Blocks while it reads a folder. ENOENT, ENOTDIR, EACCES. opendir(3).
---@param p filesystem.path The folder.
---@param opts? directory_options How.
---@return fun(): filesystem.directory_entry?
---@return filesystem.directory_iterator_
function filesystem.directory_iterator(p, opts) end

---Goes through a folder and all below, in no order; an entry comes before what is in it.
---
---Blocks while it reads a folder. ENOENT, ENOTDIR, EACCES. opendir(3).
---@param p filesystem.path The folder.
---@param opts? recursive_directory_options How.
---@return fun(): filesystem.directory_entry?, integer?
---@return filesystem.recursive_directory_iterator_
function filesystem.recursive_directory_iterator(p, opts) end

---What lies there; symbolic links are followed.
---
---Nothing there is no error. EACCES, ELOOP. stat(2).
---@param p filesystem.path Where to look.
---@return file_status
function filesystem.status(p) end

---What lies there; a symbolic link is itself.
---
---Nothing there is no error. EACCES. lstat(2).
---@param p filesystem.path Where to look.
---@return file_status
function filesystem.symlink_status(p) end

---Whether there is anything; a link that leads nowhere is nothing.
---
---Nothing there is no error. EACCES, ELOOP. stat(2).
---@param p filesystem.path Where to look.
---@return boolean
function filesystem.exists(p) end

---Whether it is a block device.
---
---Nothing there is no error. EACCES, ELOOP. stat(2).
---@param p filesystem.path Where to look.
---@return boolean
function filesystem.is_block_device(p) end

---Whether it is a character device.
---
---Nothing there is no error. EACCES, ELOOP. stat(2).
---@param p filesystem.path Where to look.
---@return boolean
function filesystem.is_character_device(p) end

---Whether it is a folder.
---
---Nothing there is no error. EACCES, ELOOP. stat(2).
---@param p filesystem.path Where to look.
---@return boolean
function filesystem.is_directory(p) end

---Whether it is a named pipe.
---
---Nothing there is no error. EACCES, ELOOP. stat(2).
---@param p filesystem.path Where to look.
---@return boolean
function filesystem.is_fifo(p) end

---Whether it is there, and neither a regular file nor a folder nor a link.
---
---Nothing there is no error. EACCES, ELOOP. stat(2).
---@param p filesystem.path Where to look.
---@return boolean
function filesystem.is_other(p) end

---Whether it is a regular file.
---
---Nothing there is no error. EACCES, ELOOP. stat(2).
---@param p filesystem.path Where to look.
---@return boolean
function filesystem.is_regular_file(p) end

---Whether it is a socket.
---
---Nothing there is no error. EACCES, ELOOP. stat(2).
---@param p filesystem.path Where to look.
---@return boolean
function filesystem.is_socket(p) end

---Whether it is a symbolic link.
---
---Nothing there is no error. EACCES. lstat(2).
---@param p filesystem.path Where to look.
---@return boolean
function filesystem.is_symlink(p) end

---Whether it is an empty file or an empty folder.
---
---ENOENT, EACCES; ENOTSUP for what is neither.
---@param p filesystem.path Where to look.
---@return boolean
function filesystem.is_empty(p) end

---Whether both lead to the same file.
---
---ENOENT when there is nothing at either. stat(2).
---@param p1 filesystem.path One path.
---@param p2 filesystem.path Another one.
---@return boolean
function filesystem.equivalent(p1, p2) end

---The size of a regular file in bytes.
---
---ENOENT, EACCES; EISDIR for a folder, ENOTSUP for what is no regular file either. stat(2).
---@param p filesystem.path Where to look.
---@return integer
function filesystem.file_size(p) end

---How many names the file has.
---
---ENOENT, EACCES. stat(2).
---@param p filesystem.path Where to look.
---@return integer
function filesystem.hardlink_count(p) end

---When the content of a file was last modified.
---
---Symbolic links are followed. ENOENT, EACCES. stat(2).
---@param p filesystem.path Where to look.
---@return filesystem.clock.time_point
function filesystem.last_write_time(p) end

---Where a symbolic link leads.
---
---EINVAL when it is no link, ENOENT. readlink(2).
---@param p filesystem.path Where to look.
---@return filesystem.path
function filesystem.read_symlink(p) end

---How many bytes a file system has and has left.
---
---ENOENT, EACCES. statvfs(3).
---@param p filesystem.path Anything on the file system.
---@return space_info
function filesystem.space(p) end

---The same path from the root on.
---
---EINVAL for the empty path. getcwd(3).
---@param p filesystem.path Any path.
---@return filesystem.path
function filesystem.absolute(p) end

---The path from the root on that has no symbolic links, no "." and no "..".
---
---ENOENT when there is nothing, ELOOP. realpath(3).
---@param p filesystem.path Any path.
---@return filesystem.path
function filesystem.canonical(p) end

---The same of what is there, and the rest in its normal form.
---
---EACCES, ELOOP. realpath(3).
---@param p filesystem.path Any path.
---@return filesystem.path
function filesystem.weakly_canonical(p) end

---The way from `base` to `p`, symbolic links resolved.
---
---Empty when there is none. See `path.lexically_relative`.
---@param p filesystem.path Where to go.
---@param base? filesystem.path Where to begin; the working directory if it is left out.
---@return filesystem.path
function filesystem.relative(p, base) end

---The way from `base` to `p`, or `p` itself, resolved, when there is none.
---@param p filesystem.path Where to go.
---@param base? filesystem.path Where to begin; the working directory if it is left out.
---@return filesystem.path
function filesystem.proximate(p, base) end

---Where the process is.
---
---ENOENT when the folder was removed. getcwd(3).
---@return filesystem.path
function filesystem.current_working_directory() end

---Brings the process to a folder.
---
---ENOENT, ENOTDIR, EACCES. Only of the master VM. chdir(2), fchdir(2).
---
---Only the master VM may call it.
---@param p filesystem.path|file_descriptor.file_descriptor A folder, or the descriptor of one.
function filesystem.set_current_working_directory(p) end

---Makes a folder the root of the process.
---
---The working directory stays. EPERM without the right to. Only of the master VM. chroot(2).
---
---Only the master VM may call it.
---@param p filesystem.path The folder.
function filesystem.chroot(p) end

---Where temporary files go.
---
---What TMPDIR, TMP, TEMP or TEMPDIR says, or /tmp. ENOENT, ENOTDIR when there is no such folder.
---@return filesystem.path
function filesystem.temp_directory_path() end

---Permission bits: `mode(7, 5, 5)`, `mode('set_uid')`.
---
---`user * 64 + group * 8 + other`.
---@param user integer|mode_bit What the owner may do: 4 read, 2 write, 1 execute or enter. Or the name of a bit, and nothing else.
---@param group? integer What the group may do.
---@param other? integer What all others may do.
---@return integer
function filesystem.mode(user, group, other) end

---Opens a file.
---
---Never as the controlling terminal, never inherited by child processes. EINVAL for flags that exclude each other,
---and for `mode` when it is missing beside `create` or `temporary`. ENOENT, EACCES, EEXIST, ELOOP, ENOTDIR and
---others. Opening a named pipe waits for its other side. open(2).
---@param path filesystem.path Where it is.
---@param flags? open_flag[] For what, and how.
---@param mode? integer Permissions, of which the umask takes some away: `create` and `temporary` need them. Not negative.
---@return file_descriptor.file_descriptor
function filesystem.open(path, flags, mode) end

---Makes a folder, and returns whether there was none.
---
---ENOENT, EACCES, EEXIST for what is no folder. mkdir(2).
---@param p filesystem.path Where.
---@param existing_p? filesystem.path A folder whose permissions it gets.
---@return boolean
function filesystem.create_directory(p, existing_p) end

---Makes a folder and all above that are missing, and returns whether it made any.
---
---EACCES, ENOTDIR. mkdir(2).
---@param p filesystem.path Where.
---@return boolean
function filesystem.create_directories(p) end

---Makes a folder.
---
---EEXIST when there is something, ENOENT, EACCES. mkdir(2).
---@param p filesystem.path Where.
---@param mode integer Permissions, of which the umask takes some away. Not negative.
function filesystem.mkdir(p, mode) end

---Gives a file another name.
---
---EEXIST, ENOENT, EXDEV, EPERM for a folder. link(2).
---@param target filesystem.path A file.
---@param link filesystem.path Its other name.
function filesystem.create_hardlink(target, link) end

---Makes a symbolic link.
---
---EEXIST, ENOENT, EACCES. symlink(2).
---@param target filesystem.path Where it leads; nobody looks there.
---@param link filesystem.path Where the link lies.
function filesystem.create_symlink(target, link) end

---Makes a symbolic link to a folder; on Linux the same.
---
---EEXIST, ENOENT, EACCES. symlink(2).
---@param target filesystem.path Where it leads; nobody looks there.
---@param link filesystem.path Where the link lies.
function filesystem.create_directory_symlink(target, link) end

---Makes a named pipe.
---
---EEXIST, ENOENT, EACCES. mkfifo(3).
---@param p filesystem.path Where.
---@param mode integer Permissions, of which the umask takes some away. Not negative.
function filesystem.mkfifo(p, mode) end

---Makes a file of any kind.
---
---EPERM without the right to, EEXIST, ENOENT. mknod(2).
---@param p filesystem.path Where.
---@param mode integer Permissions; and the kind, unless `type` says it. Not negative.
---@param dev integer Which device: see `makedev`. Not negative.
---@param type? device_kind What kind of device.
function filesystem.mknod(p, mode, dev, type) end

---The number of a device. makedev(3).
---@param major integer Which driver. Not negative.
---@param minor integer Which of its devices. Not negative.
---@return integer
function filesystem.makedev(major, minor) end

---Which driver. makedev(3).
---@param dev integer The number of a device. Not negative.
---@return integer
function filesystem.dev_major(dev) end

---Which of its devices. makedev(3).
---@param dev integer The number of a device. Not negative.
---@return integer
function filesystem.dev_minor(dev) end

---Changes whose a file is; symbolic links are followed.
---
---EPERM without the right to, ENOENT, EACCES. chown(2).
---@param p filesystem.path The file.
---@param owner integer A user; -1 changes nothing.
---@param group integer A group; -1 changes nothing.
function filesystem.chown(p, owner, group) end

---Changes whose a file, or a symbolic link itself, is.
---
---EPERM without the right to, ENOENT, EACCES. chown(2).
---@param p filesystem.path The file.
---@param owner integer A user; -1 changes nothing.
---@param group integer A group; -1 changes nothing.
function filesystem.lchown(p, owner, group) end

---Changes who may do what; symbolic links are followed.
---
---EPERM for others than the owner, ENOENT, EACCES. chmod(2).
---@param p filesystem.path The file.
---@param mode integer Permissions: see `mode`. Not negative.
function filesystem.chmod(p, mode) end

---Changes who may do what with a file that is no symbolic link.
---
---EOPNOTSUPP for a link, which has no permissions on Linux. fchmodat(2).
---@param p filesystem.path The file.
---@param mode integer Permissions: see `mode`. Not negative.
function filesystem.lchmod(p, mode) end

---Sets when a file was last modified.
---
---Symbolic links are followed. File systems round it to what they can keep. EPERM, ENOENT, EACCES. utimensat(2).
---@param p filesystem.path The file.
---@param tp filesystem.clock.time_point When.
function filesystem.set_last_write_time(p, tp) end

---Cuts a file off, or fills it up with zeros.
---
---ENOENT, EACCES, EISDIR, EFBIG. truncate(2).
---@param p filesystem.path A regular file.
---@param new_size integer In bytes. Not negative.
function filesystem.resize_file(p, new_size) end

---Sets what new files of the process have taken away, and returns what it was.
---
---Only of the master VM. umask(2).
---
---Only the master VM may call it.
---@param mask integer Permissions that nobody gets; of these, 0777 count. Not negative.
---@return integer
function filesystem.umask(mask) end

---What programs gain that are executed from a file.
---
---ENODATA for a file that has no capabilities, ENOENT, ENOTSUP where the file system keeps none. cap_get_file(3).
---@param path filesystem.path A regular file.
---@return system.linux_capabilities
function filesystem.cap_get_file(path) end

---Sets what programs gain that are executed from a file.
---
---EPERM without CAP_SETFCAP, EINVAL for what is no regular file, ENOENT, ENOTSUP. cap_set_file(3).
---@param path filesystem.path A regular file.
---@param caps? system.linux_capabilities What it gives; nothing takes all away, and that it had any.
function filesystem.cap_set_file(path, caps) end

---Copies files and folders.
---
---A folder in which something changes places with a symbolic link meanwhile is not left through it, and links
---inside the destination are not followed: ELOOP, ENOTDIR. EEXIST, ENOENT, EACCES, EINVAL for what is neither file,
---folder nor link.
---@param from filesystem.path What is copied.
---@param to filesystem.path Where it goes.
---@param opts? copy_options How; with nothing said, files and what is directly in a folder, and links are followed.
function filesystem.copy(from, to, opts) end

---Copies a file and its permissions, and returns whether it did.
---
---ENOENT, EACCES, EINVAL for what is no regular file. copy_file_range(2).
---@param from filesystem.path A regular file.
---@param to filesystem.path Where it goes.
---@param on_existing? on_existing What happens to a file that is there; an error (EEXIST) if nothing is said.
---@return boolean
function filesystem.copy_file(from, to, on_existing) end

---Makes the same symbolic link somewhere else.
---
---EINVAL when it is no link, EEXIST, ENOENT. symlink(2).
---@param from filesystem.path A symbolic link.
---@param to filesystem.path Where the other one lies.
function filesystem.copy_symlink(from, to) end

---Removes a file or an empty folder, and returns whether there was one.
---
---A symbolic link is removed itself. ENOTEMPTY, EACCES, EPERM. unlink(2), rmdir(2).
---@param p filesystem.path What is removed.
---@return boolean
function filesystem.remove(p) end

---Removes what is there and all below, and returns how many files that were.
---
---Symbolic links are removed themselves, also those that somebody puts in the place of a folder meanwhile. EACCES,
---EPERM.
---@param p filesystem.path What is removed.
---@return integer
function filesystem.remove_all(p) end

---Gives a file or folder another name, within one file system.
---
---What had the new name is replaced. ENOENT, EXDEV, ENOTEMPTY, EISDIR and others; the argument they name is the old
---path if nothing is there. rename(2).
---@param old_path filesystem.path What is moved.
---@param new_path filesystem.path Where it goes.
function filesystem.rename(old_path, new_path) end

return filesystem

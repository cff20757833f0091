---@meta filesystem
-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Written by native-core/generate from the description of the module; change that instead.

---Paths, and the files and folders behind them.
---@class filesystem
local filesystem = {}

---@class recursive_directory_options
---@field skip_permission_denied? boolean Passes over the folders that may not be read.
---@field follow_directory_symlink? boolean Enters folders through symbolic links too.

---@class space_info
---@field capacity integer The size of the file system.
---@field free integer What of it is free.
---@field available integer What of it is free for other users than root.

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

---What a folder holds.
---@class filesystem.directory_entry
---@field path filesystem.path Where it lies: the folder that was given, and the way from there.
---@field file_size integer The size of the file in bytes, as it was at the last look.
filesystem.directory_entry = {}

---Looks at the file again.
---
---ENOENT when it is gone. stat(2).
function filesystem.directory_entry:refresh() end

---Goes through a folder and all below.
---@class filesystem.recursive_directory_iterator_
---@field recursion_pending boolean Whether the entry that came last is entered if it is a folder.
filesystem.recursive_directory_iterator_ = {}

---The next entry, and how deep it lies.
---
---A failure ends the iteration: EACCES for a folder that may not be read, ELOOP for links that lead back to where
---they are.
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

---Goes through a folder and all below, in no order.
---
---Blocks while it reads a folder. ENOENT, ENOTDIR, EACCES. opendir(3).
---@param p filesystem.path The folder.
---@param opts? recursive_directory_options How.
---@return fun(): filesystem.directory_entry?, integer?
---@return filesystem.recursive_directory_iterator_
function filesystem.recursive_directory_iterator(p, opts) end

---Gives a file or folder another name, within one file system.
---
---What had the new name is replaced. ENOENT, EXDEV, ENOTEMPTY, EISDIR and others; the argument they name is the old
---path if nothing is there. rename(2).
---@param old_path filesystem.path What is moved.
---@param new_path filesystem.path Where it goes.
function filesystem.rename(old_path, new_path) end

---How many bytes a file system has and has left.
---
---ENOENT, EACCES. statvfs(3).
---@param p filesystem.path Anything on the file system.
---@return space_info
function filesystem.space(p) end

return filesystem

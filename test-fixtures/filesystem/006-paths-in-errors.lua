-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Every operation that fails says on which path, and on which other one.
local fs = require 'filesystem'
local file = require 'file'

local root = fs.temp_directory_path() / ('emilua-errors-' .. tostring(math.random(2^52)))
fs.create_directory(root)
fs.create_symlink(fs.path.new('loop'), root / 'loop')
local lost, other = root / 'loop' / 'x', root / 'loop' / 'y'

-- What comes behind the path, or the paths.
local behind = {
    canonical = {}, cap_get_file = {}, cap_set_file = { require('system').cap_init() }, chmod = { 384 }, chown = { 0, 0 }, chroot = {}, create_directories = {}, directory_iterator = {},
    exists = {}, file_size = {}, hardlink_count = {}, is_block_device = {}, is_character_device = {}, is_directory = {},
    is_empty = {}, is_fifo = {}, is_other = {}, is_regular_file = {}, is_socket = {}, is_symlink = {},
    last_write_time = {}, lchmod = { 384 }, lchown = { 0, 0 }, mkdir = { 448 }, mkfifo = { 384 },
    mknod = { 384, 0, 'character' }, open = { { 'read_only' } }, read_symlink = {}, recursive_directory_iterator = {},
    remove = {}, remove_all = {}, resize_file = { 0 }, set_current_working_directory = {},
    current_working_directory = {}, set_last_write_time = { fs.clock.unix_epoch() }, space = {}, status = {},
    symlink_status = {}, weakly_canonical = {},
}
local of_two = {
    copy = { {} }, copy_file = {}, copy_symlink = {}, create_directory = {}, create_directory_symlink = {},
    create_hardlink = {}, create_symlink = {}, equivalent = {}, proximate = {}, relative = {}, rename = {},
}
-- What asks the system about no path that is given.
local others = { absolute = true, dev_major = true, dev_minor = true, makedev = true, mode = true,
    temp_directory_path = true, umask = true }

local function failing (f, ...)
    local ok, e = pcall(f, ...)
    assert(not ok, 'it succeeded')
    return e
end

local count = 0
for name, f in pairs(fs) do
    if type(f) == 'function' and not others[name] then
        local arguments = behind[name] and { lost, unpack(behind[name]) } or
            of_two[name] and { lost, other, unpack(of_two[name]) }
        if not arguments then
            print('unknown: ' .. name)
        else
            local e = failing(f, unpack(arguments))
            local dest = of_two[name] and tostring(other) or nil
            if e.path ~= tostring(lost) or e.dest ~= dest or not e.syscall then print(name, e, e.path, e.dest, e.syscall) end
            count = count + 1
        end
    end
end
print(count)

local function tell (e) print(e, e.path, e.syscall, e.arg) end
tell(failing(fs.file_size, fs.path.new('/dev')))
tell(failing(fs.file_size, fs.path.new('/dev/null')))
tell(failing(fs.status, fs.path.new('/dev/null/\0')))
tell(failing(fs.absolute, fs.path.new()))
tell(failing(fs.open, fs.path.new(), { 'read_only' }))
tell(failing(fs.directory_iterator, fs.path.new('/dev/null')))

-- What is gone when it is asked for.
fs.create_directories(root / 'folder' / 'gone')
local iter = fs.directory_iterator(root / 'folder')
local entry = iter()
fs.remove_all(root / 'folder')
for _, name in ipairs { 'file_size', 'hardlink_count', 'last_write_time' } do
    local e = failing(function () return entry[name] end)
    print(name, e.path == tostring(root / 'folder' / 'gone'), e.syscall)
end
print(failing(entry.refresh, entry).path == tostring(root / 'folder' / 'gone'))

local f = file.stream.new()
print(failing(f.open, f, lost).path == tostring(lost))
local folder = fs.open(root, { 'directory', 'read_only' })
tell(failing(folder.openat, folder, fs.path.new('loop/x')))

fs.remove_all(root)

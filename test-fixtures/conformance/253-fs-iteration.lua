-- flat and recursive iteration, depth, control
local fs = require 'filesystem'
local dir = fs.temp_directory_path() / ('surface-253-' .. require('system').getpid())
fs.create_directories(dir / 'a' / '.git' / 'objects')
fs.create_directories(dir / 'a' / 'b')
scope_cleanup_push(function() fs.remove_all(dir) end)
fs.open(dir / 'a' / 'b' / 'file', {'create', 'write_only'}, fs.mode(6, 0, 0)):close()
fs.resize_file(dir / 'a' / 'b' / 'file', 7)
local flat = {}
for entry in fs.directory_iterator(dir / 'a') do flat[#flat + 1] = entry.path.filename end
table.sort(flat)
print(table.concat(flat, ' '))
local function walk(wrap)
    local out = {}
    local iter, ctrl = fs.recursive_directory_iterator(dir)
    for entry, depth in wrap(iter, ctrl) do
        out[#out + 1] = depth .. ':' .. tostring(entry.path:lexically_relative(dir))
    end
    table.sort(out)
    print(table.concat(out, ' '))
end
walk(function(i, c) return i, c end)
walk(function(iter, ctrl)
    return function()
        local entry, depth = iter()
        if entry == nil then return end
        if entry.path.filename == '.git' then ctrl:disable_recursion_pending() end
        return entry, depth
    end, ctrl
end)
for entry in fs.directory_iterator(dir / 'a' / 'b') do
    print(entry.path.filename, entry.file_size, entry.hardlink_count, entry.status.type, entry.symlink_status.type,
        entry.last_write_time <= fs.clock.now())
    fs.resize_file(dir / 'a' / 'b' / 'file', 9)
    entry:refresh()
    print(entry.file_size)
end
print((pcall(function() for entry in fs.directory_iterator(dir / 'none') do end end)))

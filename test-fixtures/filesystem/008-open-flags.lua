-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Every flag of open and openat, as the kernel has it, and every rule for the way to a file.
local file = require 'file'
local fs = require 'filesystem'
local generic_error = require 'generic_error'
local stream = require 'stream'

local root = fs.temp_directory_path() / fs.path.new('emilua-open-' .. require('system').getpid())
fs.create_directory(root)
local mode = fs.mode(6, 4, 0)
local bits = {
    { 'append', 0x400 }, { 'directory', 0x10000 }, { 'no_follow', 0x20000 }, { 'path', 0x200000 },
    { 'sync_all_on_write', 0x101000 }, { 'write_only', 1 }, { 'read_write', 2 }
}

-- What the kernel says of an open file, in words.
local function flags_of (fd)
    local info = file.stream.new()
    info:open(fs.path.new('/proc/self/fdinfo/' .. tostring(fd):match('%d+$')), { 'read_only' })
    local buffer = byte_span.new(4096)
    local text = tostring(buffer:first(info:read_some(buffer)))
    info:close()
    local flags, words = tonumber(text:match('flags:%s*(%d+)'), 8), {}
    for _, flag in ipairs(bits) do
        if bit.band(flags, flag[2]) == flag[2] then words[#words + 1] = flag[1] end
    end
    return #words == 0 and 'read_only' or table.concat(words, ' ')
end

local errors = { 'EEXIST', 'ENOTDIR', 'EISDIR', 'ELOOP', 'EXDEV', 'EAGAIN', 'EINVAL', 'ENOENT' }
local function outcome (f, ...)
    local ok, r = pcall(f, ...)
    if ok then
        local words = ('%s: %s'):format(r.type, flags_of(r))
        r:close()
        return words
    end
    for _, name in ipairs(errors) do
        if r:togeneric() == generic_error[name] then return r.arg and ('%s %s'):format(name, r.arg) or name end
    end
    return tostring(r)
end

local function write (name, text)
    local f = file.stream.new()
    f:open(root / name, { 'create', 'write_only' })
    stream.write_all(f, text)
    f:close()
end
write('file', 'content')
fs.create_directory(root / 'folder')
write('folder/inside', 'more')
fs.create_symlink(fs.path.new('file'), root / 'link')
fs.create_symlink(fs.path.new('/file'), root / 'absolute')
fs.create_symlink(fs.path.new('../file'), root / 'folder' / 'up')

local folder = fs.open(root, { 'directory', 'read_only' })
for _, given in ipairs {
    { 'file', {} }, { 'file', { 'read_only' } }, { 'file', { 'write_only' } }, { 'file', { 'read_write' } },
    { 'file', { 'append', 'write_only' } }, { 'file', { 'sync_all_on_write', 'write_only' } },
    { 'file', { 'path' } }, { 'link', { 'path', 'no_follow' } }, { 'link', { 'no_follow' } }, { 'link', {} },
    { 'file', { 'directory' } }, { 'folder', { 'directory' } }, { 'folder', { 'write_only' } },
    { 'file', { 'create', 'exclusive', 'write_only' }, mode }, { 'made', { 'create', 'exclusive', 'write_only' }, mode },
    { 'nothing', { 'read_only' } }, { 'folder', { 'temporary', 'read_write' }, mode },
    { 'folder', { 'temporary', 'read_only' }, mode }, { 'file', { 'exclusive' } }, { 'made', { 'create' } },
    { 'file', { 'read_only', 'write_only' } },
} do
    local name, flags, m = unpack(given)
    local one = outcome(fs.open, root / name, flags, m)
    if name == 'made' and m then fs.remove(root / name) end
    local other = outcome(folder.openat, folder, fs.path.new(name), flags, m)
    print(name, table.concat(flags, '+'), one, one == other or other)
end
print(fs.status(root / 'made').mode == bit.band(mode, bit.bnot(fs.umask(0))))
fs.open(root / 'file', { 'truncate', 'write_only' }):close()
print(fs.file_size(root / 'file'))

local way = '/proc/self/fd/' .. tostring(folder):match('%d+$')
for _, given in ipairs {
    { 'link', 'resolve_beneath' }, { '../x', 'resolve_beneath' }, { 'absolute', 'resolve_beneath' },
    { 'folder/up', 'resolve_beneath' },
    { 'absolute', 'resolve_in_root' }, { '/../../file', 'resolve_in_root' }, { '/nothing', 'resolve_in_root' },
    { 'link', 'resolve_no_symlinks' }, { 'file', 'resolve_no_symlinks' },
    { way .. '/file', 'resolve_no_magiclinks' }, { 'link', 'resolve_no_magiclinks' },
    { '/proc/self/status', 'resolve_no_xdev' }, { 'file', 'resolve_no_xdev' },
    { 'file', 'resolve_cached' }, { 'file', 'resolve_cached', 'create' },
} do
    local name = given[1]
    print(name:gsub('%d+', 'N'), given[2], given[3],
        outcome(folder.openat, folder, fs.path.new(name), { 'read_only', given[2], given[3] }, given[3] and mode))
end
print(outcome(fs.open, root / 'file', { 'resolve_beneath' }))
folder:close()
print(fs.remove_all(root))

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Goes through the folder `tree`.
-- env: TREE=$DIR/tree
local fs = require 'filesystem'
local tree = fs.path.new(require('system').environment.TREE)

local function walk (wrap, opts)
    local found = {}
    for entry, depth in wrap(fs.recursive_directory_iterator(tree, opts)) do
        found[#found + 1] = depth .. ':' .. tostring(entry.path:lexically_relative(tree))
    end
    table.sort(found)
    print(table.concat(found, ' '))
end
local function same (...) return ... end
local function without (name)
    return function (iter, ctrl)
        return function ()
            local entry, depth = iter()
            if entry == nil then return end
            if entry.path.filename == name then
                print(ctrl.recursion_pending)
                ctrl:disable_recursion_pending()
                print(ctrl.recursion_pending)
            end
            return entry, depth
        end, ctrl
    end
end

walk(same)
walk(same, { follow_directory_symlink = true, skip_permission_denied = true })
walk(without '.svn')

-- Only the first entry of a folder, and what is beside the folder.
local iter, ctrl = fs.recursive_directory_iterator(tree / 'a' / 'b')
local entry, depth = iter()
print(entry.path.filename, depth, entry.file_size)
entry:refresh()
print(entry.file_size)
ctrl:pop()
print(iter())
print(iter())

for entry in fs.recursive_directory_iterator(tree) do
    if entry.path.filename == 'b' then print(select(2, pcall(function () return entry.file_size end))) end
end

for _, arguments in ipairs {
    { fs.path.new('/nonexistent') }, { tree / 'a' / 'empty' }, { 'tree' }, { tree, { skip = true } },
    { tree, { follow_directory_symlink = 1 } }
} do
    local ok, e = pcall(fs.recursive_directory_iterator, unpack(arguments))
    print(ok, e, e.syscall, e.arg)
end

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The folders in which libraries are looked for, as the dynamic linker has them: LD_LIBRARY_PATH first, each path once, what is
-- no folder left out.
local system = require 'system'
local filesystem = require 'filesystem'
local children = require './m_child'
local path = filesystem.path.new

local function name_of(folder)
    return (children.ask('readlink /proc/self/fd/3', { extra_fds = { [3] = folder } }))
end

if system.arguments[3] == 'list' then
    local folders = system.get_ld_library_directories()
    for i = 1, 4 do print(folders[i].type, name_of(folders[i])) end
    local ours = 0
    for _, folder in ipairs(folders) do
        if name_of(folder):find 'emilua%-libraries' then ours = ours + 1 end
    end
    print(ours, #folders > ours)
    -- They are the program's own: no child has them, and one that is closed is opened anew.
    print('in a child', (children.ask('ls -l /proc/self/fd | grep -c emilua-libraries')))
    folders[1]:close()
    print(system.get_ld_library_directories()[1].type, folders[2].type)
    return
end

local base = filesystem.temp_directory_path() / ('emilua-libraries-' .. system.getpid())
filesystem.create_directory(base)
scope(function()
    scope_cleanup_push(function() filesystem.remove_all(base) end)
    for _, name in ipairs { 'lib-a', 'lib b', 'lib-\xff' } do filesystem.create_directory(base / path(name)) end
    filesystem.create_symlink(path('lib-a'), base / path('lib-link'))
    filesystem.open(base / path('file'), { 'create', 'write_only' }, filesystem.mode(6, 4, 4)):close()
    local places, environment = {}, {}
    for i, name in ipairs { 'lib b', 'missing', 'lib-a', 'file', 'lib b', 'lib-\xff', 'lib-link' } do
        places[i] = tostring(base / path(name))
    end
    for name, v in pairs(system.environment) do environment[name] = v end
    environment.LD_LIBRARY_PATH = table.concat(places, ':')
    local text = children.ask(nil, children.again('list', { environment = environment }))
    local shown = text:gsub(tostring(base):gsub('%p', '%%%0'), 'BASE'):gsub('\xff', '?')
    print(shown)
end)

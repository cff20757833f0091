-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Five thousand pairs of paths, put together and taken apart: a number for each hundred of them, which
-- native-core/test/filesystem_paths.cpp has from std::filesystem::path.
local path = require('filesystem').path

local pieces = { '/', '//', 'a', 'b.c', '.', '..', '.hidden', 'x.tar.gz', 'é', '///', 'a.', '...', '/', '../', './', ' ' }
local state = 1
local function random (n)
    state = state * 16807 % 2147483647
    return state % n
end
local function text ()
    local t = {}
    for i = 1, random(8) do t[i] = pieces[random(#pieces) + 1] end
    return table.concat(t)
end

local hash = 0
local function add (s)
    s = tostring(s)
    for i = 1, #s do hash = (hash * 31 + s:byte(i)) % 4294967291 end
    hash = (hash * 31 + 10) % 4294967291
end

for i = 1, 5000 do
    local a, b = path.new(text()), path.new(text())
    add(a) add(a:lexically_normal()) add(a:lexically_relative(b)) add(a:lexically_proximate(b))
    add(a / b) add(a .. b) add(a:remove_filename()) add(a:replace_filename(b)) add(a:replace_extension('x'))
    add(a:replace_extension()) add(a:make_preferred()) add(a:to_generic())
    add(a.root_name) add(a.root_directory) add(a.root_path) add(a.relative_path) add(a.parent_path)
    add(a.filename) add(a.stem) add(a.extension)
    add(a.empty) add(a.has_root_path) add(a.has_root_name) add(a.has_root_directory) add(a.has_relative_path)
    add(a.has_parent_path) add(a.has_filename) add(a.has_stem) add(a.has_extension) add(a.is_absolute) add(a.is_relative)
    add(a == b) add(a < b) add(a <= b)
    for part in a:iterator() do add(part) end
    if i % 100 == 0 then print(hash) end
end

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Paths are values: what operators, properties and functions give is another one.
local fs = require 'filesystem'
local new = fs.path.new

local p = new('/srv/site/index.tar.gz')
print(p.parent_path, p.filename, p.stem, p.extension, p.is_absolute, p.is_relative, p.empty)
print(new().empty, new('').empty, new('a/').filename == '', new('a').is_relative)
print(p.root_name == '', p.root_directory, p.root_path, p.relative_path, p.has_stem, new('/').has_filename)

-- Either operand may be text, and an absolute right one replaces.
print(new('a') / 'b', 'a' / new('b'), new('a') / new('/b'), new('a/') / '', new('a') .. 'b', 'a' .. new('b'), new('a') .. new('b'))

-- Element by element, not byte by byte.
print(new('a/b') == new('a//b'), new('a/b') == new('a/b/'), new('a') == 'a')
print(new('a/b') < new('a.b'), 'a/b' < 'a.b', new('a') <= new('a'), new('b') <= new('a'))
print(pcall(function () return new('a') < 'b' end) == false, pcall(function () return new('a') / 1 end) == false)

local parts = {}
for part in new('/a/b/'):iterator() do parts[#parts + 1] = part end
print('[' .. table.concat(parts, '][') .. ']')

-- File names are bytes.
local odd = new('a\255') / '\0b'
print(#tostring(odd), odd == new('a\255/\0b'), odd.filename == '\0b')
for _, wrong in ipairs { '/a/string', new('a\0b') } do
    local ok, e = pcall(fs.space, wrong)
    print(ok, e, e.arg)
end

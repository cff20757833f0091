-- constructors, operators, comparison
local fs = require 'filesystem'
local p = fs.path.new('/home') / 'user' / fs.path.new('file')
print(p, p .. '.txt', fs.path.new('a') .. fs.path.new('b'))
print(fs.path.new('a') / '/b', fs.path.new('a/') / 'b', fs.path.new('') / 'b', fs.path.new('a') / '')
print(p == fs.path.new('/home/user/file'), p == fs.path.new('/home//user/file'), p == fs.path.new('/home/user'))
print(fs.path.new('a/b') < fs.path.new('a/c'), fs.path.new('a/b') < fs.path.new('a.b'), fs.path.new('a') <= fs.path.new('a'))
print(fs.path.new().empty, fs.path.new('').empty, tostring(fs.path.new()) == '')
print(fs.path.from_generic('Downloads/music'), fs.path.from_generic('a/b'):to_generic(), fs.path.preferred_separator)
local q = p:replace_filename('other')
print(p, q)
print(type(fs.path.new('/x').filename), type(fs.path.new('/x').parent_path) ~= 'string', fs.path.new('é/ü'))
print((pcall(fs.exists, '/a/string')))

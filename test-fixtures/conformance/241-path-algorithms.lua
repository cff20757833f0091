-- lexical algorithms; expected computed with libstdc++
local fs = require 'filesystem'
for _, s in ipairs{'', '.', '..', './', '../', 'a/./b/..', 'a/.///b/../', 'a/b/../..', '/..', '/../a', 'a//b///c', 'foo/./bar/..', 'foo/.///bar/../', '../../x', 'a/../../b', '/./a/.', 'x/y/', '/', './a', 'a/..', 'a/b/..', 'a/./'} do
    print(s .. ' -> [' .. tostring(fs.path.new(s):lexically_normal()) .. ']')
end
for _, t in ipairs{{'/a/d', '/a/b/c'}, {'/a/b/c', '/a/d'}, {'a/b/c', 'a'}, {'a/b/c', 'a/b/c/x/y'}, {'a/b/c', 'a/b/c'}, {'a/b', 'c/d'}, {'a/b', '/a/b'}, {'/a/b', 'a/b'}, {'', ''}, {'a', ''}, {'', 'a'}, {'a', 'b/..'}, {'a/b', '../c'}, {'/', '/'}, {'/x', '/'}, {'a/', 'a'}, {'a', 'a/'}, {'a', '.'}} do
    local p = fs.path.new(t[1])
    print(t[1] .. ' from ' .. t[2] .. ': [' .. tostring(p:lexically_relative(t[2])) .. '] ['
        .. tostring(p:lexically_proximate(fs.path.new(t[2]))) .. ']')
end
for _, s in ipairs{'foo.txt', 'foo', 'dir/foo.tar.gz', 'dir/', '/', '.hidden', 'a/b.', '', '.', '..', '/x.c'} do
    local p = fs.path.new(s)
    print(s .. ': [' .. tostring(p:remove_filename()) .. '] [' .. tostring(p:replace_filename('new')) .. '] ['
        .. tostring(p:replace_extension('.x')) .. '] [' .. tostring(p:replace_extension('y')) .. '] ['
        .. tostring(p:replace_extension()) .. ']')
end

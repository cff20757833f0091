-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What fails says which argument it was.
-- env: TREE=$DIR/tree
local fs = require 'filesystem'
local tree = fs.path.new(require('system').environment.TREE)

local function fails (f, ...)
    local ok, e = pcall(f, ...)
    print(ok, e, e.category, e.syscall, e.arg)
end
fails(fs.rename, tree / 'none', tree / 'other')
fails(fs.rename, tree / 'a', tree / 'a' / 'b' / 'c')
fails(fs.rename, tree / 'a' / 'empty', tree / 'none' / 'empty')
fails(fs.rename, tree / 'a', 'other')
fails(fs.rename, tree)
fails(fs.space, tree / 'none')

local file = tree / 'a' / 'empty'
fs.rename(file, file)

local space = fs.space(tree)
print(space.capacity >= space.free, space.free >= space.available, space.capacity > 0, type(space.capacity))

-- a temporary tree with one entry per directory instead of "."
local fs = require "filesystem"
local dir = fs.temp_directory_path() / ('surface-ex60-' .. require('system').getpid())
fs.create_directories(dir / 'a' / 'b' / 'c')

for entry, depth in fs.recursive_directory_iterator(dir) do
    print(string.rep("\t", depth) .. entry.path.filename)
end
fs.remove_all(dir)

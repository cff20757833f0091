--
local fs = require "filesystem"
function foobar(path)
    return path.parent_path, path.filename
end
print(foobar(fs.path.new("/home/user/file.txt")))

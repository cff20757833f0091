--
local fs = require "filesystem"
function foobar(path)
    return path / "Downloads" / "myfile" .. ".txt"
end
print(foobar(fs.path.new("/home/user")))

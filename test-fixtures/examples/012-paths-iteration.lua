--
local fs = require "filesystem"
function foobar(path)
    for component in path:iterator() do
        print(component)
    end
end
foobar(fs.path.new("/home/user/file.txt"))

--
local fs = require "filesystem"
local my_path1 = fs.path.new("/home/user")
local my_path2 = fs.path.from_generic("Downloads/music")
print(my_path1, my_path2)
print(my_path1 / my_path2)

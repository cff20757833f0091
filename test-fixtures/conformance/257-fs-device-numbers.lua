--
local fs = require 'filesystem'
local dev = fs.makedev(8, 17)
print(fs.dev_major(dev), fs.dev_minor(dev), fs.makedev(1, 3) ~= dev)
print(fs.dev_major(fs.makedev(259, 70000)), fs.dev_minor(fs.makedev(259, 70000)))

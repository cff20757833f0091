-- src/my_module/{error,init,util,worker}.lua and src/util.lua
local my_module = require('./ex_my_module')
local util = require('./ex_util')
print(my_module.description)
print(util.name)

-- For 015-calls-and-watches: the actor ends only after this program.
local fs = require 'filesystem'

local ch = spawn_vm{ module = fs.path.new('/guest.lua'), subprocess = { source_tree_cache = { ['guest.lua'] = [[
  pcall(function () require('inbox'):receive() end)
]] } } }
ch:detach()
ch:watch('guest')
print('lets it go')

-- env: EMILUA_PATH=$BUILD/test
-- Plugins that are opened here, by name, by folder and all, for a process that looks for none itself.
local fs = require 'filesystem'
local inbox = require 'inbox'

for _, cache in ipairs{ { 'everything' }, { 'everything:' }, 'all', {} } do
  local ch = spawn_vm{ module = fs.path.new('/guest.lua'), subprocess = {
    native_modules_cache = cache,
    source_tree_cache = { ['guest.lua'] = [[
      local inbox = require 'inbox'
      local ok, everything = pcall(require, 'everything')
      inbox:receive():send(ok and type(everything) or 'none')
    ]] }
  } }
  ch:send(inbox)
  print(inbox:receive())
end
print((pcall(spawn_vm, { subprocess = { native_modules_cache = { 'nothing' } } })))

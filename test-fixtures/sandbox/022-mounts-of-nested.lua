-- needs: userns pidns
-- An actor has mounts of its own, and the actors that it starts have the same: also one that was made ahead, as the third
-- of a kind may be.
local fs = require 'filesystem'
local inbox = require 'inbox'

local sources = {
  ['outer.lua'] = [[
    local fs = require 'filesystem'
    local inbox = require 'inbox'
    local to = inbox:receive()
    to:send{ outer = tostring(fs.read_symlink(fs.path.new('/proc/self/ns/mnt'))) }
    local inner = spawn_vm{ module = fs.path.new('/inner.lua'), subprocess = {
      stderr = 'share',
      source_tree_cache = { ['inner.lua'] = "require('inbox'):receive():send{ " ..
        "inner = tostring(require('filesystem').read_symlink(require('filesystem').path.new('/proc/self/ns/mnt'))) }" }
    } }
    inner:send(to)
    inner:closed()
  ]]
}
local own = tostring(fs.read_symlink(fs.path.new('/proc/self/ns/mnt')))

for i = 1, 5 do
  local ch = spawn_vm{ module = fs.path.new('/outer.lua'), subprocess = {
    stderr = 'share', newns_user = true, newns_pid = true, newns_mount = true, source_tree_cache = sources
  } }
  ch:send(inbox)
  local outer, inner = inbox:receive().outer, inbox:receive().inner
  print(outer == inner, outer ~= own, ch:closed())
end

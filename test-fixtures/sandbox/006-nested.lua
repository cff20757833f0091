-- An actor in a process of its own starts another one there.
local fs = require 'filesystem'
local inbox = require 'inbox'

local ch = spawn_vm{ module = fs.path.new('/outer.lua'), subprocess = {
  stderr = 'share',
  source_tree_cache = { ['outer.lua'] = [[
    local fs = require 'filesystem'
    local inbox = require 'inbox'
    local to = inbox:receive()
    local inner = spawn_vm{ module = fs.path.new('/inner.lua'), subprocess = {
      stderr = 'share',
      source_tree_cache = { ['inner.lua'] = "require('inbox'):receive():send('from the innermost')" }
    } }
    inner:send(to)
    to:send('outer: ' .. inner:closed())
  ]] }
} }
ch:send(inbox)
local lines = { inbox:receive(), inbox:receive() }
table.sort(lines)
print(lines[1])
print(lines[2])
print(ch:closed())

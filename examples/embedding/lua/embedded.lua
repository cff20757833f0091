-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What ../embedder.cpp is tried with.
local fs = require 'filesystem'
local inbox = require 'inbox'
local place = require './place'
local system = require 'system'
local time = require 'time'

print(host, _CONTEXT, place, system.arguments[3])
print(#require('runtime').vms()[1].fibers)
time.sleep(0.02)

-- The master VM may change what belongs to the process.
fs.set_current_working_directory(fs.path.new('/'))
print(fs.current_working_directory())

-- Actors: beside this one, on a thread, and in a process.
for _, inherit_context in ipairs{ true, false } do
  local channel = spawn_vm{ module = './actor', inherit_context = inherit_context }
  channel:send(inbox)
  print(inbox:receive())
end
local source = "require('inbox'):receive():send('from a process')"
local channel = spawn_vm{
  module = fs.path.new('/guest.lua'), subprocess = { source_tree_cache = { ['guest.lua'] = source } }
}
channel:send(inbox)
print(inbox:receive())
system.exit(3)

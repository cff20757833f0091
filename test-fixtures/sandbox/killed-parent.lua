-- For 010-killed-parents.
local fs = require 'filesystem'
local inbox = require 'inbox'
local system = require 'system'

local function start (namespaces)
  return spawn_vm{ module = fs.path.new('/guest.lua'), subprocess = {
    newns_user = namespaces, newns_pid = namespaces,
    source_tree_cache = { ['guest.lua'] = [[
      local inbox = require 'inbox'
      local to = inbox:receive()
      to:send('here')
      local ok = pcall(function () require('time').sleep(1000) end)
    ]] }
  } }
end
local how = system.arguments[3]
if not how then
  for i = 1, 1000 do start(i % 2 == 0):send(inbox) end
  require('time').sleep(1000)
end
local ch = start(false)
ch:send(inbox)
inbox:receive()
if how == 'detaches' then ch:detach() end
print(ch.child_pid)

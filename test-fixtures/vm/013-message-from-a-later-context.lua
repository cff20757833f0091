-- A program that waits for a message stays, although the context it comes from did not exist when the wait began.
local inbox = require 'inbox'
if _CONTEXT == 'main' then
  spawn_vm('.'):send{ role = 'middle', to = inbox }
  print(inbox:receive())
  print(pcall(inbox.receive, inbox))
else
  local order = inbox:receive()
  if order.role == 'middle' then
    spawn_vm{ module = '.', inherit_context = false }:send{ role = 'last', to = order.to }
  else
    require('time').sleep(0.2)
    order.to:send('from another thread')
  end
end

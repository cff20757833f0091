-- Waiting for the end of an actor keeps the program running, also when the actor has a thread of its own.
local inbox = require 'inbox'
if _CONTEXT == 'main' then
  local actor = spawn_vm{ module = '.', inherit_context = false }
  local canceled = spawn(function () actor:closed() end)
  this_fiber.yield()
  canceled:cancel()
  canceled:join()
  print(canceled.cancellation_caught)
  actor:send('go')
  print(actor:closed())
  print(actor:closed())
else
  inbox:receive()
  require('time').sleep(0.2)
end

-- An actor has not failed whose fiber failed and was joined, nor one that waits for messages when the program has ended.
-- exit: 0
local inbox = require 'inbox'
if _CONTEXT == 'main' then
  spawn_vm('.'):send{ to = inbox }
  print(inbox:receive())
else
  local m = inbox:receive()
  local failing = spawn(function () error('joined', 0) end)
  print(pcall(failing.join, failing))
  m.to:send('from the actor')
  inbox:receive()
end

-- An actor has not failed whose fiber failed and was joined, nor one that still sends to a program that has ended.
-- exit: 0
local inbox, time = require 'inbox', require 'time'
if _CONTEXT == 'main' then
  spawn_vm('.'):send{ to = inbox }
  print(inbox:receive())
else
  local m = inbox:receive()
  local failing = spawn(function () error('joined', 0) end)
  print(pcall(failing.join, failing))
  while true do
    m.to:send('from the actor')
    time.sleep(0.001)
  end
end

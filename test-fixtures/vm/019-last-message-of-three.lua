-- The last message arrives although its sender ends at once and on another thread.
local inbox = require 'inbox'
if _CONTEXT == 'main' then
  spawn_context_threads(3)
  for _ = 1, 200 do
    for _ = 1, 3 do spawn_vm('.'):send(inbox) end
    for _ = 1, 3 do inbox:receive() end
  end
  print('all arrived')
else
  inbox:receive():send('done')
end

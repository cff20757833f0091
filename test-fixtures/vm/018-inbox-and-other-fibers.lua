-- A program that finds one message after the other lets its other fibers run.
local inbox = require 'inbox'
if _CONTEXT == 'main' then
  local actor = spawn_vm('.')
  for i = 1, 3000 do actor:send(i) end
  actor:send('end')
else
  local turns = 0
  local counter = spawn(function () while true do this_fiber.yield() turns = turns + 1 end end)
  while inbox:receive() ~= 'end' do end
  counter:cancel()
  counter:join()
  print(turns > 30)
end

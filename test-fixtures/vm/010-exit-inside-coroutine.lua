-- exit: 3
-- system.exit ends the program wherever it is called: in a coroutine, and in a callback of C that a pcall surrounds.
local inbox = require 'inbox'
local system = require 'system'
if _CONTEXT == 'main' then
  for _, where in ipairs{ 'coroutine', 'callback', 'sleeping coroutine' } do
    local actor = spawn_vm('.')
    actor:send{ where = where, to = inbox }
    actor:close()
  end
  print(pcall(inbox.receive, inbox))
  coroutine.wrap(function () system.exit(3) end)()
  print('unreachable')
else
  local order = inbox:receive()
  if order.where == 'coroutine' then
    coroutine.wrap(function () coroutine.wrap(function () system.exit() end)() end)()
  elseif order.where == 'callback' then
    pcall(string.gsub, 'x', 'x', function () system.exit() end)
  else
    coroutine.wrap(function () require('time').sleep(0.01) pcall(system.exit) end)()
  end
  order.to:send('still runs: ' .. order.where)
end

-- A watcher gets a message when an actor ends, and has seen its failure: the exit status stays 0.
local inbox = require 'inbox'
if _CONTEXT == 'main' then
  local first, second = spawn_vm('.'), spawn_vm{ module = '.', inherit_context = false }
  first:watch('first')
  first:watch{ number = 2 }
  second:watch()
  first:send('end')
  for _ = 1, 2 do
    local m = inbox:receive()
    print(type(m.ended) == 'table' and m.ended.number or m.ended, m.reason)
  end
  second:send('fail')
  local m = inbox:receive()
  print(m.ended, m.reason:match('^panicked: .*on purpose') ~= nil)
  first:watch('afterwards')
  print(inbox:receive().ended)
elseif inbox:receive() == 'fail' then
  error('on purpose', 0)
end

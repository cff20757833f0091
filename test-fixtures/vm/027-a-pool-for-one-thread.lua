-- A pool that was made for one thread stays so, and says it even when nothing is asked of it.
local inbox = require 'inbox'
if _CONTEXT == 'main' then
  print('usual pool', pcall(spawn_context_threads, 0))
  for _, hint in ipairs{ 1, 2, 'safe' } do
    spawn_vm{ module = '.', inherit_context = false, concurrency_hint = hint }:send(inbox)
    print('concurrency_hint', hint)
    for _ = 1, 2 do print(inbox:receive()) end
  end
else
  local main = inbox:receive()
  for count = 0, 1 do
    local ok, e = pcall(spawn_context_threads, count)
    main:send(('%d: %s'):format(count, ok and 'added' or e:togeneric() == require('generic_error').ENOTSUP and 'ENOTSUP'))
  end
end

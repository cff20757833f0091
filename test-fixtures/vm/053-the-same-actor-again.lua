-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What was compiled for one actor serves the next: what fails there is called the same, at the same places.
local inbox = require 'inbox'

if _CONTEXT ~= 'main' then
  local to = inbox:receive()
  local point = {}
  local _, raised = pcall(error, 'on purpose', 1)
  local _, of_nothing = pcall(function () return point.x.y end)
  local _, called = pcall(function () point.move() end)
  to:send{ raised, of_nothing, called, 0x7fffffff, 'text\0text', 1e300 }
  return
end

for _ = 1, 3 do
  local actor = spawn_vm('.')
  actor:send(inbox)
  local m = inbox:receive()
  for i = 1, 3 do print((m[i]:gsub('^.*/', ''))) end
  print(m[4], #m[5], m[6])
end

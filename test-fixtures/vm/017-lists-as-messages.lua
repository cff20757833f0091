-- A table is sent whole or refused: no member gets lost, and a list with enormous holes is not filled up.
local inbox = require 'inbox'
if _CONTEXT == 'main' then
  local actor = spawn_vm('.')
  local function try (name, message) print(name, pcall(actor.send, actor, message)) end
  local list = { 1, 2, 3, 4 }
  list[3] = nil
  try('holes', list)
  list.x = 1
  try('list and record', list)
  try('index zero', { [0] = 0, 1, 2 })
  try('fraction', { 1, 2, [1.5] = 3 })
  local powers = {}
  for i = 0, 30 do powers[2 ^ i] = i end
  try('powers', powers)
  try('deep', { { { { 'end' } } } })
else
  while true do
    local ok, m = pcall(inbox.receive, inbox)
    if not ok then break end
    if m[2] then
      print('received', #m, m[1], m[2], m[3], m[4])
    else
      print('received', m[1][1][1][1])
    end
  end
end

-- A table that is in several places of a message arrives as one table, however often it is there; a cycle is refused by
-- the path to it.
local inbox = require 'inbox'
if _CONTEXT == 'main' then
  local actor = spawn_vm('.')
  local shared = { 1, 2 }
  actor:send{ a = shared, b = { deep = shared }, c = { 1, 2 }, reply = inbox }
  print(inbox:receive())
  -- Two to the power of sixty, if each were copied.
  local doubled = { 'leaf' }
  for _ = 1, 60 do doubled = { doubled, doubled } end
  actor:send{ doubled = doubled, reply = inbox }
  print(inbox:receive())
  local many = {}
  for i = 1, 100 do many[i] = { i } end
  many[101] = many[50]
  actor:send{ many = many, reply = inbox }
  print(inbox:receive())
  local cycle = { list = { 1, {} } }
  cycle.list[2].back = cycle.list
  print(select(2, pcall(actor.send, actor, cycle)))
  shared[3] = shared
  print(select(2, pcall(actor.send, actor, { a = shared })))
else
  local m = inbox:receive()
  m.reply:send(rawequal(m.a, m.b.deep) and not rawequal(m.a, m.c) and m.a[2] == 2)
  local m, depth = inbox:receive(), 0
  local at = m.doubled
  while at[2] do
    assert(rawequal(at[1], at[2]))
    at, depth = at[1], depth + 1
  end
  m.reply:send(depth .. at[1])
  local m = inbox:receive()
  m.reply:send(rawequal(m.many[50], m.many[101]) and m.many[100][1] == 100 and m.many[101][1] == 50)
end

-- Ten thousand actors are made and end: some while they receive, some with messages on their way, some on threads of
-- their own. Addresses outlive them.
local inbox = require 'inbox'
if _CONTEXT ~= 'main' then
  local m = inbox:receive()
  if m.count then
    for _ = 1, m.count do inbox:receive() end
    m.reply:send('through')
  elseif m.reply then
    m.reply:send{ address = inbox, n = m.n }
    pcall(function () while true do inbox:receive() end end)
  end
  return
end

local alive, addresses = {}, {}
for i = 1, 10000 do
  local actor = spawn_vm{ module = '.', inherit_context = i % 50 ~= 0 }
  local way = i % 5
  if way == 0 then
    actor:send{}
  elseif way == 1 then
    actor:close()
  elseif way == 2 then
    actor:send{ reply = inbox, n = i }
    addresses[#addresses + 1] = inbox:receive().address
    actor:close()
  elseif way == 3 then
    for _ = 1, 3 do pcall(actor.send, actor, { n = i }) end
    actor:close()
  else
    alive[#alive + 1] = actor
    if #alive > 20 then
      local oldest = table.remove(alive, 1)
      oldest:send{}
      oldest:closed()
    end
  end
  if #addresses > 50 then
    for _, each in ipairs(addresses) do
      each:send('still there')
      each:close()
    end
    addresses = {}
  end
end
for _, each in ipairs(alive) do each:close() end
for _, each in ipairs(addresses) do each:close() end
print('ten thousand')

local function messages (count)
  local actor = spawn_vm{ module = '.', inherit_context = false }
  actor:send{ count = count, reply = inbox }
  for i = 1, count do
    actor:send{ i, { text = 'some text' } }
    if i % 1000 == 0 then this_fiber.yield() end
  end
  assert(inbox:receive() == 'through')
end
messages(10)
for _ = 1, 10 do messages(20000) end
print('through')

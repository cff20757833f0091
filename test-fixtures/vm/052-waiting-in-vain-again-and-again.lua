-- A message goes from actor to actor, on several threads, and is dropped. The program waits for what never comes: it is
-- told each time, and never while the message is on its way. EMILUA_STORM multiplies how often.
local inbox = require 'inbox'
if _CONTEXT ~= 'main' then
  local peers, steps, state = inbox:receive(), 0, 1
  while true do
    local m = inbox:receive()
    if m.reply then
      m.reply:send(steps)
    else
      steps = steps + 1
      state = (state * 16807 + m.left) % 2147483647
      if m.left > 0 then peers[state % (#peers - 1) + 1]:send{ left = m.left - 1 } end
    end
  end
end

local actors = {}
for i = 1, 6 do actors[i] = spawn_vm{ module = '.', inherit_context = i % 2 == 0 } end
for _, each in ipairs(actors) do
  local peers = {}
  for i, peer in ipairs(actors) do peers[i] = peer end
  peers[#peers + 1] = inbox
  each:send(peers)
  each:send{ left = 0 }
end

local rounds = 300 * tonumber(require('system').environment.EMILUA_STORM or 1)
local sent, told, early = #actors, 0, 0
for round = 1, rounds do
  local left = round * 7 % 23
  actors[round % #actors + 1]:send{ left = left }
  sent = sent + left + 1
  local ok, e = pcall(inbox.receive, inbox)
  if not ok and tostring(e):find('wait for messages, too', 1, true) then told = told + 1 end
  local done = 0
  for _, each in ipairs(actors) do done = done + each:call({}, 60) end
  if done ~= sent then early = early + 1 end
end
print(told == rounds, early)

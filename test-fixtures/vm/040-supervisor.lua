-- Actors that end are started again, by each strategy, until too many have.
local inbox = require 'inbox'
if _CONTEXT ~= 'main' then
  local to, name = inbox:receive(), inbox:receive()
  to:send('+' .. name)
  local how = inbox:receive()
  if how == 'fail' then error('on purpose', 0) end
  return
end
local supervisor = require 'supervisor'
local function actor (name, restart)
  return { name = name, restart = restart, start = function ()
    local channel = spawn_vm('.')
    channel:send(inbox)
    channel:send(name)
    return channel
  end }
end
local function seen (count)
  local list = {}
  for i = 1, count do list[i] = inbox:receive() end
  table.sort(list) -- each sends when it has its turn
  return table.concat(list, ' ')
end
for strategy, count in pairs{ one_for_one = 1, rest_for_one = 2, one_for_all = 3 } do
  local team = supervisor.start{ strategy = strategy, actor('a'), actor('b'), actor('c') }
  assert(seen(3) == '+a +b +c')
  team:channel('b'):send('end')
  assert(seen(count) == ({ '+b', '+b +c', '+a +b +c' })[count], strategy)
  team:stop()
  assert(not team:channel('a') and not team:channel('c'))
end
local team = supervisor.start{ actor('only', 'failed') }
seen(1)
team:channel('only'):send('end')
team:join()
print('ended')
local team = supervisor.start{ intensity = 2, period = 60, actor('bad', 'failed'), actor('good') }
for i = 1, 3 do
  repeat until inbox:receive() == '+bad'
  while not team:channel('bad') do this_fiber.yield() end
  team:channel('bad'):send('fail')
end
print(select(2, pcall(team.join, team)))
print(team:channel('good'))
-- What gives no channel is named, at the start and later; what was started before is stopped.
local first
for _, what in ipairs{ 'nil', '5', '{}', 'print' } do
  local give = assert(loadstring('return ' .. what))
  local started = actor('first')
  local start = started.start
  started.start = function () first = start() return first end
  print(select(2, pcall(supervisor.start, { started, { name = 'web', start = give } })))
  print(first:closed())
  seen(1)
end
local again = actor('forgets', 'failed')
local start = again.start
again.start = function () again.start = nil return start() end
local spec = { name = 'forgets', restart = 'always', start = function () if again.start then return again.start() end end }
team = supervisor.start{ spec }
seen(1)
team:channel('forgets'):send('end')
print(select(2, pcall(team.join, team)))
print(select(2, pcall(supervisor.start, { strategy = 'some' })):match('supervisor: .*'))
for _, wrong in ipairs{
  { intensty = 1 }, { 5 }, { { name = 'a', start = 5 } }, { { name = 'a', start = print, restart = 'x' } }, { { name = 'a', start = print, restrt = 'never' } }
} do
  print(select(2, pcall(supervisor.start, wrong)):match('supervisor: .*'))
end

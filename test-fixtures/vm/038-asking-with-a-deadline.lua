-- A question has a deadline, and an address for one answer that dies with it.
local inbox = require 'inbox'

-- The folder is that of whoever runs this.
local function fails (_, e) print((tostring(e):gsub('actor %S*/', 'actor '))) end

if _CONTEXT == 'main' then
  local actor = spawn_vm('.')
  print(actor:call({ n = 3 }, 10).square)
  fails(pcall(actor.call, actor, { late = true, main = inbox }, 0.05))
  actor:send('go on')
  print(inbox:receive())
  fails(pcall(actor.call, actor, { dropped = true }, 10))
  local canceled = spawn(function () actor:call({ late = true, main = inbox }, 60) end)
  this_fiber.yield()
  canceled:cancel()
  canceled:join()
  print(canceled.cancellation_caught)
  actor:send('go on')
  print(inbox:receive())
  fails(pcall(actor.call, actor, 5, 1))
  fails(pcall(actor.call, actor, {}, -1))
  fails(pcall(actor.call, actor, { fail = true }, math.huge))
  fails(pcall(actor.call, actor, {}, 1))
else
  local system = require 'system'
  while true do
    local m = inbox:receive()
    if m.n then
      m.reply:send{ square = m.n * m.n }
    elseif m.late then
      inbox:receive()
      local ok, e = pcall(m.reply.send, m.reply, 'too late')
      m.main:send(tostring(e))
    elseif m.dropped then
      m.reply:close()
    else
      system.exit()
    end
  end
end

-- Answers, or not.
local inbox = require 'inbox'
while true do
  local m = inbox:receive()
  if m.n then
    m.reply:send(m.n * m.n)
  elseif m.late then
    inbox:receive()
    m.to:send(pcall(m.reply.send, m.reply, 'too late') and 'open' or 'closed')
  elseif m.dropped then
    m.reply:close()
  else
    break
  end
end

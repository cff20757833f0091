local inbox = require 'inbox'
local m = inbox:receive()
m.to:send(tostring(m.span) .. ' ' .. #m.span)

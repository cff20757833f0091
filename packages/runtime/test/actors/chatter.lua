-- Sends back what it is sent, to whom the first message says, for ever.
local inbox = require 'inbox'
local to = inbox:receive()
while true do to:send(inbox:receive()) end

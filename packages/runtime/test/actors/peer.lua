-- Knows another actor, and waits for ever.
local inbox = require 'inbox'
local peer = inbox:receive().peer
while true do inbox:receive() end

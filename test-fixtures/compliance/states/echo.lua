-- SPDX-License-Identifier: MIT OR BSL-1.0
-- An actor that answers every message with 5, until it is told to end.

local inbox = require 'inbox'

while true do
  local message = inbox:receive()
  if message == 'end' then break end
  message.reply:send(5)
end

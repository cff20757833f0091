-- SPDX-License-Identifier: MIT OR BSL-1.0
-- An actor that answers a question with 5 when it is told to.

local inbox = require 'inbox'

local question
while true do
  local message = inbox:receive()
  if message == 'answer' then question.reply:send(5) else question = message end
end

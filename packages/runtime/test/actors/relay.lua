-- Passes on what it is sent, to whom each message says, until it fails. It keeps no address.
local inbox = require 'inbox'
while true do
  local job = inbox:receive()
  local message = job.message
  local passed = job.to and pcall(job.to.send, job.to, message)
  if job.to then job.to:close() end
  if type(message) == 'userdata' then message:close() end
  if type(message) == 'table' and message.to then message.to:close() end
  if not passed then break end
end

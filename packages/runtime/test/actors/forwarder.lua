-- Passes on what it is sent, to whom each message says.
local inbox = require 'inbox'
while true do
    local job = inbox:receive()
    local message = job.message
    job.to:send(message)
    job.to:close()
    if message.to then message.to:close() end
    if message.here then message.here:close() end
end

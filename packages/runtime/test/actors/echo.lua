-- Sends back what it is sent, to whom the first message names.
local inbox = require 'inbox'
local to = inbox:receive()
while true do
    local ok, message = pcall(function() return inbox:receive() end)
    if not ok then break end
    if message == 'collect' then collectgarbage() end
    to:send{ type = type(message), message = message }
end

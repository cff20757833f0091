-- Sends as long as somebody is there.
local inbox, time = require 'inbox', require 'time'
local to = inbox:receive()
while true do
  to:send('more')
  time.sleep(0.001)
end

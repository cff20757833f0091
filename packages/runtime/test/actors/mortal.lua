-- Says its name, and ends as it is told to.
local inbox = require 'inbox'
local start = inbox:receive()
start.to:send(start.name)
start.to:close()
if inbox:receive() == 'fail' then error('on purpose', 0) end

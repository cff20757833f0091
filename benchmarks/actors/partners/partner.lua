-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Is told how many messages come, and whether to answer each of them or the last.
local inbox = require('inbox')
local to = inbox:receive()
while true do
    local job = inbox:receive()
    if job.each then
        for _ = 1, job.count do
            to:send(inbox:receive())
        end
    else
        for _ = 1, job.count do
            inbox:receive()
        end
        to:send('through')
    end
end

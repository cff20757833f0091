-- SPDX-License-Identifier: MIT OR BSL-1.0
local inbox = require('inbox')
local starter = inbox:receive()
while true do
    starter:send(true)
    inbox:receive()
end

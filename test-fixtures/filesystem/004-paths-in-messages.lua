-- SPDX-License-Identifier: MIT OR BSL-1.0
-- A path crosses to another actor, also one that is no UTF-8.
local fs = require 'filesystem'
local inbox = require 'inbox'

if _CONTEXT == 'main' then
    local ch = spawn_vm { module = '.' }
    ch:send { to = inbox, path = fs.path.new('/a/\255\254') }
    print(inbox:receive())
else
    local message = inbox:receive()
    message.to:send(message.path == fs.path.new('/a/\255\254') and message.path.filename == '\255\254')
end

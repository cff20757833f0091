-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Messages between two actors in one pool, and on two threads.
local inbox = require('inbox')
local rate = require('wall').rate

rate('vms', function(n)
    for _ = 1, n do
        spawn_vm('./partners/empty'):closed()
    end
end)

for where, inherit in pairs{ pool = true, threads = false } do
    local partner = spawn_vm{ module = './partners/partner', inherit_context = inherit }
    partner:send(inbox)
    rate(where .. '_round_trips', function(n)
        partner:send{ each = true, count = n }
        for i = 1, n do
            partner:send(i)
            inbox:receive()
        end
    end)
    rate(where .. '_one_way', function(n)
        partner:send{ each = false, count = n }
        for i = 1, n do
            partner:send(i)
        end
        inbox:receive()
    end)
    partner:close()
end

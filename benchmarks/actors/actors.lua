-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Messages between two actors in one pool, and on two threads; work for one and for two that compute.
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

for workers = 1, 2 do
    local all = {}
    for i = 1, workers do
        all[i] = spawn_vm{ module = './partners/job', inherit_context = false }
        all[i]:send(inbox)
    end
    rate('jobs_' .. workers, function(n)
        -- Each has two, so that none waits for the next.
        for i = 1, n + 2 * workers do
            if i > 2 * workers then
                inbox:receive()
            end
            if i <= n then
                all[i % workers + 1]:send(i)
            end
        end
    end)
    for _, worker in ipairs(all) do
        worker:close()
    end
end

-- yield reschedules the fiber to the next round
local out = {}
for _, name in ipairs{'a', 'b', 'c'} do
    spawn(function()
        for i = 1, 3 do
            out[#out + 1] = name .. i
            this_fiber.yield()
        end
    end):detach()
end
for i = 1, 5 do this_fiber.yield() end
-- the order inside a round is the scheduler's
for i = 1, 9, 3 do
    local round = {out[i], out[i + 1], out[i + 2]}
    table.sort(round)
    print(table.concat(round, ' '))
end

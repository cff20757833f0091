--
local my_udp_sock = {}
function my_udp_sock:send() this_fiber.yield() error('network unreachable') end
local f = spawn(function()
    local ok = false
    while not ok do
        ok = pcall(function()
            my_udp_sock:send('notify_msg')
        end)
    end
end)
for i = 1, 10 do this_fiber.yield() end
f:cancel()
f:join()
print(f.cancellation_caught)

-- the reference's WARNING snippet: the write never happens
local sleep = require('time').sleep
local watchdog_sock = {}
function watchdog_sock:write() this_fiber.yield() print('never written') end
local f = spawn(function()
    local ok, ex = pcall(function()
        sleep(10)                       -- lots of IO ops
    end)
    if not ok then
        watchdog_sock:write('errored_msg')
        error(ex)
    end
end)
this_fiber.yield()
f:cancel()
f:join()
print(f.cancellation_caught)

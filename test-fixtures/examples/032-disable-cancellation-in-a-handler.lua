--
local sleep = require('time').sleep
local watchdog_sock = {}
function watchdog_sock:write(msg) this_fiber.yield() print('written: ' .. msg) end
local f = spawn(function()
    local ok, ex = pcall(function()
        sleep(10)                       -- lots of IO ops
    end)
    if not ok then
        this_fiber.disable_cancellation()
        pcall(function()
            watchdog_sock:write('errored_msg')
        end)
        this_fiber.restore_cancellation()
        error(ex)
    end
end)
this_fiber.yield()
f:cancel()
f:join()
print(f.cancellation_caught)

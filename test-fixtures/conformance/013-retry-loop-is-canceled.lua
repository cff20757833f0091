-- a loop around pcall must not swallow the request for ever
local sleep = require('time').sleep
local tries = 0
local f = spawn(function()
    local ok = false
    while not ok do
        ok = pcall(function()
            tries = tries + 1
            sleep(0.005)
            error('try again')
        end)
    end
end)
while tries < 2 do sleep(0.02) end
f:cancel()
f:join()
print(tries > 1, f.cancellation_caught)

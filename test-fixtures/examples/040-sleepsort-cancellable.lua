--
-- by the program itself)
local sleep = require('time').sleep
local system = require 'system'

this_fiber.disable_cancellation()
local numbers = {8, 42, 38, 111, 2, 39, 1}

local sleeper = spawn(function()
    local children = {}
    scope_cleanup_push(function()
        for _, f in pairs(children) do
            f:cancel()
        end
    end)
    for _, n in pairs(numbers) do
        children[#children + 1] = spawn(function()
            sleep(n / 20)
            print(n)
        end)
    end
    for _, f in pairs(children) do
        f:join()
    end
end)

local sigwaiter = spawn(function()
    local sigusr1 = system.signal.set.new(system.signal.SIGUSR1)
    spawn(function() sleep(1) system.signal.raise(system.signal.SIGUSR1) end):detach()
    sigusr1:wait()
    sleeper:cancel()
end)

sleeper:join()
sigwaiter:cancel()

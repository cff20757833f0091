-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Signals of two actors on threads of their own, each of which raises the next one when it hears that its last was heard:
-- one that came between two waits and got lost would be the last. A wait that is canceled in between takes none along.
local system = require 'system'
local inbox = require 'inbox'
local signal = system.signal

local rounds = 300

if _CONTEXT ~= 'main' then
    local number, master = inbox:receive(), inbox:receive()
    for _ = 1, rounds do
        signal.raise(number)
        inbox:receive()
    end
    master:send(number)
    return
end

local set = signal.set.new()
local actors = {}
for _, number in ipairs { signal.SIGUSR1, signal.SIGUSR2 } do
    set:add(number)
    actors[number] = spawn_vm { module = '.', inherit_context = false }
    actors[number]:send(number)
    actors[number]:send(inbox)
end
local heard = {}
for i = 1, 2 * rounds do
    if i % 3 == 0 then this_fiber.yield() end
    local number
    if i % 5 == 0 then
        local impatient = spawn(function() return set:wait() end)
        this_fiber.yield()
        impatient:cancel()
        number = impatient:join()
    end
    number = number or set:wait()
    heard[number] = (heard[number] or 0) + 1
    actors[number]:send('heard')
end
print(heard[signal.SIGUSR1], heard[signal.SIGUSR2])
print(inbox:receive() ~= inbox:receive())

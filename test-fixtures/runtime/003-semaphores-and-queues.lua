-- Semaphores and queues; no cancellation loses anything.
local generic_error = require 'generic_error'
local runtime = require 'runtime'
local sleep = require('time').sleep

-- Fibers count themselves right before they wait.
local arrived = 0
local function arrive() arrived = arrived + 1 end
local function await_arrival(fiber)
    local before = arrived
    local handle = spawn(fiber)
    while arrived == before do this_fiber.yield() end
    return handle
end

local semaphore = runtime.semaphore.new(2)
local inside, most, came, order = 0, 0, {}, {}
runtime.task_group(function(group)
    for i = 1, 5 do
        group:spawn(function()
            came[#came + 1] = i
            semaphore:acquire()
            inside = inside + 1
            most = math.max(most, inside)
            order[#order + 1] = i
            sleep(0.001)
            inside = inside - 1
            semaphore:release()
        end)
    end
end)
-- Two that are let in together go on in either order.
local in_turn = true
for at, i in ipairs(order) do
    if came[at] ~= i and came[at - 1] ~= i and came[at + 1] ~= i then in_turn = false end
end
print(most, #order, in_turn, semaphore.available)
print(semaphore:try_acquire(), semaphore:try_acquire(), semaphore:try_acquire())

local function waiter()
    return await_arrival(function() arrive() semaphore:acquire() this_fiber.yield() print('unreachable') end)
end
local early, late = waiter(), waiter()
early:cancel()
semaphore:release()
late:cancel()
early:join()
late:join()
print(early.cancellation_caught, late.cancellation_caught, semaphore.available)

for _, capacity in ipairs{ 0, 1, 3, math.huge } do
    local queue, received, size = runtime.queue.new(capacity), {}, 0
    runtime.task_group(function(group)
        group:spawn(function()
            for i = 1, 9 do
                queue:send(i)
                size = math.max(size, queue.size)
            end
            queue:close()
        end)
        group:spawn(function()
            for item in queue:items() do
                received[#received + 1] = item
                this_fiber.yield()
            end
        end)
    end)
    print(capacity, table.concat(received, ' '), size <= capacity, queue.closed)
end

local queue = runtime.queue.new(1)
local receiver = await_arrival(function() arrive() return queue:receive() end)
receiver:cancel()
receiver:join()
queue:send('not for the canceled one')
print(queue:receive())

local taker = await_arrival(function() arrive() print(queue:receive()) this_fiber.yield() print('unreachable') end)
print(queue:try_send('handed over'))
taker:cancel()
taker:join()

queue:send('in the queue')
local senders = {}
for i, text in ipairs{ 'canceled', 'second', 'third' } do
    senders[i] = await_arrival(function() arrive() queue:send(text) end)
end
senders[1]:cancel()
senders[1]:join()
print(queue:receive(), queue:receive(), queue:receive(), queue:try_receive())
for i = 2, 3 do senders[i]:join() end

queue:send('last')
local refused = await_arrival(function() arrive() return select(2, pcall(queue.send, queue, 'too much')) end)
queue:close()
print(tostring(refused:join()), pcall(queue.try_send, queue, 1))
for item in queue:items() do print(item) end
print(tostring(select(2, pcall(queue.receive, queue))), queue.closed)

for _, call in ipairs{ { runtime.semaphore.new, -1 }, { runtime.queue.new, 0.5 }, { queue.send, queue, nil }, { queue.send, 1 }, { semaphore.acquire, queue } } do
    local _, e = pcall(unpack(call, 1, 3))
    print(e:togeneric() == generic_error.EINVAL, e.arg, e.expected)
end
print(pcall(function() return queue.misspelt end))

-- What a program sees of its fibers, of its actors and of what it may not see.
local inbox = require 'inbox'

if _CONTEXT ~= 'main' then
    inbox:receive():send('here')
    if inbox:receive() == 'loop' then while true do end end
    return
end

local future = require 'future'
local generic_error = require 'generic_error'
local ip = require 'ip'
local mutex = require 'mutex'
local runtime = require 'runtime'
local time = require 'time'

local function show (vm)
    for _, fiber in ipairs(vm.fibers) do
        local line = fiber.where and fiber.where:match('004%-observe%.lua:%d+') or fiber.where
        print(fiber.state, fiber.is_main, fiber.canceled, fiber.waits_for, fiber.waits_for_fiber and 'of ' .. fiber.waits_for_fiber:match('%-%d+$'), line,
            fiber.in_function, fiber.seconds and fiber.seconds >= 0 and fiber.seconds < 60)
    end
end

-- Who is resumed first is nobody's promise: all others are waited for.
local function settle ()
    repeat
        this_fiber.yield()
        local moving = false
        for _, fiber in ipairs(runtime.vms()[1].fibers) do moving = moving or fiber.state == 'ready' end
    until not moving
end

print('fibers')
local lock = mutex.new()
local owner = spawn(function ()
    lock:lock()
    time.sleep(1000)
end)
settle()
local fibers = {
    owner,
    spawn(function () lock:lock() end),
    spawn(function () owner:join() end),
    spawn(function ()
        local acceptor = ip.tcp.listen('127.0.0.1:0')
        acceptor:accept()
    end),
    spawn(function () coroutine.wrap(function () time.sleep(1000) end)() end),
    spawn(function () runtime.semaphore.new(0):acquire() end),
    spawn(function () local promise, f = future.new() f:get() end),
    spawn(function () return 1 end)
}
settle()
local late = spawn(function () end)
fibers[4]:cancel()
local vm = runtime.vms()[1]
show(vm)
print(#runtime.vms(), vm.language, vm.role, vm.state, vm.messages, vm.program:match('[^/]*$'))
print(vm.fibers[1].id == this_fiber.id, vm.id == this_fiber.id:match('^0x%x+'))

print('actors')
local near, far = spawn_vm('.'), spawn_vm{ module = '.', inherit_context = false }
for _, actor in ipairs{ near, far } do
    actor:send(inbox)
    inbox:receive()
end
-- One that runs elsewhere is seen when it is there.
local function find (is)
    while true do
        for _, each in ipairs(runtime.vms()) do
            if each.role == 'worker' and is(each) then return each end
        end
        time.sleep(0.001)
    end
end
show(find(function (each) return each.state == 'waiting' and each.fibers[1].waits_for == 'inbox:receive()' end))
far:send('loop')
far:send('never taken')
local busy = find(function (each) return each.messages == 1 and each.fibers[1].state == 'running' and (each.fibers[1].where or ''):match(':%d+$') end)
print(#busy.fibers, busy.state, busy.fibers[1].where:match('004%-observe%.lua:%d+'))

print('what it cannot see')
local function why (pid)
    local ok, e = pcall(runtime.vms, pid)
    for _, name in ipairs{ 'EINVAL', 'ESRCH', 'ENOTSUP' } do
        if not ok and e:togeneric() == generic_error[name] then return name, e.arg end
    end
    return ok, e
end
print(why(0))
print(why('1'))
print(why(2 ^ 22 + 1))
require('system').exit(0, { force = 2 }) -- nothing else ends an endless loop

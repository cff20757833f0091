-- sync primitives and fiber handles cannot be sent
local inbox = require 'inbox'
if _CONTEXT == 'main' then
    local mutex = require 'mutex'
    local condition_variable = require 'condition_variable'
    local future = require 'future'
    local ch = spawn_vm('.')
    local p, f = future.new()
    for _, v in ipairs{mutex.new(), condition_variable.new(), p, f, spawn(function() end)} do
        print((pcall(function() ch:send(v) end)))
    end
    print((pcall(function() ch:send(print) end)))
    ch:send('stop')
else
    print('worker got', inbox:receive())
end

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Actors in processes of their own, each alone: from spawn_vm to their first message, as they are and in six namespaces.
-- Messages to such an actor and back, and one way.
local clock = require('time').steady_clock
local fs = require 'filesystem'
local inbox = require 'inbox'
local wall = require('wall')

local least = tonumber(require('system').environment.BENCHMARK_SECONDS or '0.5')
local sources = {
    ['answer.lua'] = "require('inbox'):receive():send(1)",
    ['echo.lua'] = [[
        local inbox = require 'inbox'
        local to = inbox:receive()
        while true do to:send(inbox:receive()) end
    ]],
    ['count.lua'] = [[
        local inbox = require 'inbox'
        local to = inbox:receive()
        while inbox:receive() do end
        to:send(1)
    ]]
}

local function start(name, isolated)
    return spawn_vm{ module = fs.path.new('/' .. name .. '.lua'), subprocess = {
        source_tree_cache = sources,
        newns_user = isolated, newns_pid = isolated, newns_mount = isolated, newns_uts = isolated,
        newns_ipc = isolated, newns_net = isolated
    } }
end

-- The median, because what disturbs a start makes it ten times as long.
local function first_message(name, isolated)
    if not wall.wanted(name) then
        return
    end
    local times, begin = {}, clock.now()
    repeat
        local t = clock.now()
        local actor = start('answer', isolated)
        actor:send(inbox)
        inbox:receive()
        times[#times + 1] = clock.now() - t
        actor:closed()
    until clock.now() - begin >= least
    table.sort(times)
    print(string.format('%s %.1f us', name, times[math.ceil(#times / 2)] * 1e6))
end

first_message('bare', false)
first_message('isolated', true)

local echo = start('echo', false)
echo:send(inbox)
wall.rate('round_trips', function(n)
    for i = 1, n do
        echo:send(i)
        inbox:receive()
    end
end)

wall.rate('one_way', function(n)
    local count = start('count', false)
    count:send(inbox)
    for i = 1, n do count:send(i) end
    count:send(false)
    inbox:receive()
end)

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The limit: bare LuaJIT coroutines and the least scheduler that does.
require('measure')

local create, resume, yield = coroutine.create, coroutine.resume, coroutine.yield

local function nothing() end

-- The joiner waits suspended while its child runs, as a fiber does.
rate('spawn_join', function(n)
    local ready
    local joiner = create(function()
        for _ = 1, n do
            ready = create(nothing)
            yield()
        end
    end)
    resume(joiner)
    while ready do
        local child = ready
        ready = nil
        resume(child)
        resume(joiner)
    end
end)

local function switches(coroutines)
    return function(n)
        local each = math.floor(n / coroutines)
        local running = {}
        for i = 1, coroutines do
            running[i] = create(function()
                for _ = 1, each do
                    yield()
                end
            end)
        end
        for _ = 1, each do
            for i = 1, coroutines do
                resume(running[i])
            end
        end
    end
end

rate('yield_2', switches(2))
rate('yield_100', switches(100))

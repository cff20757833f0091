-- SPDX-License-Identifier: MIT OR BSL-1.0
-- System calls through the module, under Emilua and under plain LuaJIT.
local measure = require('measure')
local S = require('syscall')
local cost = type(measure) == 'table' and measure.cost or cost

local zero = assert(S.open('/dev/zero', 'rdonly, cloexec'))
local null = assert(S.open('/dev/null', 'wronly, cloexec'))
local size = 65536
local buffer = S.t.buffer(size)
local stat = S.t.stat()

cost('getpid', function(n)
    for _ = 1, n do
        S.getpid()
    end
end)

cost('read_1', function(n)
    for _ = 1, n do
        zero:read(buffer, 1)
    end
end)

cost('read_64k', function(n)
    for _ = 1, n do
        zero:read(buffer, size)
    end
end)

cost('write_1', function(n)
    for _ = 1, n do
        null:write(buffer, 1)
    end
end)

cost('write_64k', function(n)
    for _ = 1, n do
        null:write(buffer, size)
    end
end)

cost('stat', function(n)
    for _ = 1, n do
        S.stat('/', stat)
    end
end)

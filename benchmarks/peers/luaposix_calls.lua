-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The same system calls through luaposix, which reads into new strings.
require('measure')
local posix = require('posix')
local cost = cost

local zero = posix.open('/dev/zero', posix.O_RDONLY)
local null = posix.open('/dev/null', posix.O_WRONLY)
local size = 65536
local one, many = 'x', ('x'):rep(size)
local getpid, read, write, stat = posix.getpid, posix.read, posix.write, posix.stat

cost('getpid', function(n)
    for _ = 1, n do
        getpid('pid')
    end
end)

cost('read_1', function(n)
    for _ = 1, n do
        read(zero, 1)
    end
end)

cost('read_64k', function(n)
    for _ = 1, n do
        read(zero, size)
    end
end)

cost('write_1', function(n)
    for _ = 1, n do
        write(null, one)
    end
end)

cost('write_64k', function(n)
    for _ = 1, n do
        write(null, many)
    end
end)

cost('stat', function(n)
    for _ = 1, n do
        stat('/')
    end
end)

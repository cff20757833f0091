-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Reads of one file: one after the other, and 64 in flight. reads.lua FILE
local file = require('file')
local rate = require('measure').rate
local path = require('filesystem').path.new(require('system').arguments[3])

local stream, random = file.stream.new(), file.random_access.new()
stream:open(path, { 'read_only' })
random:open(path, { 'read_only' })
local blocks, pieces = math.floor(random.size / 4096), math.floor(random.size / 65536)
local seed = 1
local function somewhere()
    seed = (seed * 1664525 + 1013904223) % 2^32
    return math.floor(seed / 256) % blocks * 4096
end

local piece = byte_span.new(65536)
rate('sequential_64k', function(n)
    for i = 0, n - 1 do
        if i % pieces == 0 then
            stream:seek(0, 'set')
        end
        stream:read_some(piece)
    end
end)

rate('random_4k', function(n)
    local readers = {}
    for i = 1, 64 do
        readers[i] = spawn(function()
            local block = byte_span.new(4096)
            while n > 0 do
                n = n - 1
                random:read_some_at(somewhere(), block)
            end
        end)
    end
    for i = 1, 64 do
        readers[i]:join()
    end
end)

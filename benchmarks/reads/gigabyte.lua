-- SPDX-License-Identifier: MIT OR BSL-1.0
-- gigabyte.lua FILE: reads the file from its beginning to its end in 64 KiB.
local file = require('file')
local passes = require('passes').passes
local path = require('filesystem').path.new(require('system').arguments[3])

passes('gigabyte', function()
    local f = file.stream.new()
    f:open(path, { 'read_only' })
    local piece, left = byte_span.new(65536), f.size
    while left > 0 do left = left - f:read_some(piece) end
    f:close()
end)

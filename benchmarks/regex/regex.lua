-- SPDX-License-Identifier: MIT OR BSL-1.0
-- A short text that matches as a whole, the last of 4 KiB, and a hundred fields.
local rate = require('measure').rate
local regex = require('regex')

local function compile(pattern) return regex.new { pattern = pattern, grammar = 'ecma' } end
local pair, date, comma = compile '([a-z]+)=([0-9]+)', compile '[0-9]{4}-[0-9]{2}-[0-9]{2}', compile ', *'
local page = ('neither a digit nor a dash here. '):rep(124) .. '2024-02-29'
local fields = ('field, '):rep(99) .. 'field'
local sink

rate('match', function(n)
    for _ = 1, n do sink = regex.match(pair, 'content=1234') end
end)

rate('search_4k', function(n)
    for _ = 1, n do sink = regex.search(date, page)[0] end
end)

rate('split_100', function(n)
    for _ = 1, n do sink = regex.split(comma, fields)[100] end
end)

assert(sink)

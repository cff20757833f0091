-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Counts the lines and words of files, all of them at the same time: ./emilua examples/count-words.lua FILE...
local eof = require('asio_error').misc.eof
local file = require 'file'
local path = require('filesystem').path
local stream = require 'stream'
local system = require 'system'

local function count(name)
    local f = file.stream.new()
    f:open(path.new(name), { 'read_only' })
    local scanner = stream.scanner.with_awk_defaults(f)
    local lines, words = 0, 0
    while true do
        local ok, fields = pcall(scanner.get_line, scanner)
        if not ok and fields ~= eof then error(fields) end
        if not ok then break end
        lines, words = lines + 1, words + #fields
    end
    f:close()
    return lines, words
end

local counts = {}
for i = 3, #system.arguments do -- after the executable and this file
    local name = system.arguments[i]
    counts[i] = spawn(function ()
        local lines, words = count(name)
        print(format("{:8}{:8} {}", lines, words, name))
    end)
end
for _, c in pairs(counts) do c:join() end

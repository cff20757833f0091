-- SPDX-License-Identifier: MIT OR BSL-1.0
-- needs: unsanitized
-- Texts and spans are looked at where they are: the most memory that the process has meanwhile is what it had.
local regex = require 'regex'
local file = require 'file'
local path = require('filesystem').path

local function open (name, how)
    local opened = file.stream.new()
    opened:open(path.new('/proc/self/' .. name), { how })
    return opened
end

-- In MiB: what is resident, and the most that was since that was forgotten.
local function memory ()
    local status, text = open('status', 'read_only'), byte_span.new(4096)
    local read = tostring(text:first(status:read_some(text)))
    status:close()
    return read:match('VmRSS:%s*(%d+)') / 1024, read:match('VmHWM:%s*(%d+)') / 1024
end
local function forget_the_most ()
    local how = open('clear_refs', 'write_only')
    how:write_some(byte_span.append('5'))
    how:close()
end

local size = 64 * 2^20
local needle = regex.new{ pattern = 'needle', grammar = 'extended' }
local whole = regex.new{ pattern = 'a*(needle)', grammar = 'extended' }
-- What a first match needs once.
regex.search(needle, 'needle')

local function look (what, subject)
    collectgarbage()
    collectgarbage()
    forget_the_most()
    local before = memory()
    local found = regex.search(needle, subject)
    print(what, size - found[0].start, size - found[0].end_)
    print(tostring(regex.match(whole, subject)), #regex.patsplit(needle, subject))
    local _, most = memory()
    print(most - before < 32 and 'no copy' or 'a copy: ' .. most - before .. ' MiB')
end

local span = byte_span.new(size):fill(('a'):byte())
span:sub(size - 5):copy('needle')
look('byte_span', span)
look('string', tostring(span))

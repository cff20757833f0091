-- SPDX-License-Identifier: MIT OR BSL-1.0
-- An actor that takes nothing until a pipe that it was given ends, and ends itself when something comes out of it.

local inbox = require 'inbox'
local pipe = require 'pipe'

local given = inbox:receive()
if type(given) == 'table' then given.reply:send('begun') end
local word = pipe.read_stream.new(type(given) == 'table' and given.word or given)
if pcall(word.read_some, word, byte_span.new(1)) then require('system').exit() end
while true do inbox:receive() end

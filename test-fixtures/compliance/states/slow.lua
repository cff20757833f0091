-- SPDX-License-Identifier: MIT OR BSL-1.0
-- An actor in a process of its own that takes nothing until a pipe that it was given ends.

local inbox = require 'inbox'
local pipe = require 'pipe'

local word = pipe.read_stream.new(inbox:receive())
pcall(word.read_some, word, byte_span.new(1))
while true do inbox:receive() end

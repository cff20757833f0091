-- SPDX-License-Identifier: MIT OR BSL-1.0
-- An actor that ends while the operation is pending in it.

local inbox, system = require 'inbox', require 'system'
local operation = require './row'

local starter = inbox:receive()
local c = operation.make()
spawn(function () operation.start(c) end):detach()
for _ = 1, 5 do this_fiber.yield() end
starter:send('pending')
system.exit()

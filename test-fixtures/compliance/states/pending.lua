-- SPDX-License-Identifier: MIT OR BSL-1.0
-- An actor that ends while the operation OPERATION is pending in it.

local inbox, system = require 'inbox', require 'system'
local rows = require('./rows').rows

local starter = inbox:receive()
local row = rows[system.environment.OPERATION]
local c = row.make()
spawn(function () row.start(c) end):detach()
for _ = 1, 5 do this_fiber.yield() end
starter:send('pending')
system.exit()

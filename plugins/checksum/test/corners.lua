-- SPDX-License-Identifier: MIT OR BSL-1.0
local corners = require 'corners'
local eof = require('asio_error').misc.eof

local function failure (...) return select(2, pcall(...)) end

print(failure(corners['end']) == eof, failure(corners.throw_end) == eof)
print(tostring(failure(corners.throw_closed).category) == 'emilua')
print(failure(corners.either, true).expected)
corners.wait(1)
local waiting = spawn(function () corners.wait(100000) end)
this_fiber.yield()
waiting:cancel()
waiting:join()
print(waiting.cancellation_caught)

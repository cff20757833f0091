-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Messages that were received and actors that have ended keep no memory. EMILUA_STORM multiplies how many.
local inbox = require 'inbox'
if _CONTEXT ~= 'main' then
  local m = inbox:receive()
  for _ = 1, m.count do inbox:receive() end
  m.reply:send('through')
  return
end

local file = require 'file'
local fs = require 'filesystem'
local buffer = byte_span.new(256)
-- What is resident, in MB.
local function memory ()
  collectgarbage()
  collectgarbage()
  local statm = file.stream.new()
  statm:open(fs.path.new('/proc/self/statm'), { 'read_only' })
  local text = tostring(buffer:first(statm:read_some(buffer)))
  statm:close()
  return tonumber(text:match('^%d+ (%d+)')) * 4096 / 2 ^ 20
end

local function messages (count, inherit)
  local actor = spawn_vm{ module = '.', inherit_context = inherit }
  actor:send{ count = count, reply = inbox }
  for i = 1, count do
    actor:send{ i = i, text = 'some text', list = { 1, 2, 3 }, address = i % 100 == 0 and inbox or nil }
    if i % 500 == 0 then this_fiber.yield() end
  end
  assert(inbox:receive() == 'through')
  actor:close()
end
local function actors (count)
  for i = 1, count do
    local actor = spawn_vm{ module = '.', inherit_context = i % 20 ~= 0 }
    actor:send{ count = 0, reply = inbox }
    assert(inbox:receive() == 'through')
    actor:closed()
    actor:close()
  end
end

local storm = tonumber(require('system').environment.EMILUA_STORM or 1)
local function round (n)
  for _ = 1, n do
    messages(2500, true)
    messages(2500, false)
    actors(50)
  end
end
round(4)
local before = memory()
round(20 * storm)
local growth = memory() - before
-- A sanitizer keeps what is freed for a while.
local env = require('system').environment
local bound = (env.ASAN_OPTIONS or env.TSAN_OPTIONS) and 400 or 8
print(growth < bound or growth)

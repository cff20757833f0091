-- SPDX-License-Identifier: MIT OR BSL-1.0
-- An actor that is sent objects: it calls one, if it is told how, and sends all of it back.

local inbox = require 'inbox'

local reply = inbox:receive()
while true do
  local m = inbox:receive()
  if m.method then
    local results = { pcall(m.object[m.method], m.object, unpack(m.arguments)) }
    if not table.remove(results, 1) then results = { failed = tostring(results[1]) } end
    m.got = results
  end
  reply:send(m)
end

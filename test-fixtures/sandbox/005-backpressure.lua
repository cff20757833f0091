-- An actor that takes nothing makes its senders wait, each in turn, and they can be canceled.
local fs = require 'filesystem'
local inbox = require 'inbox'

local ch = spawn_vm{ module = fs.path.new('/guest.lua'), subprocess = {
  stderr = 'share',
  source_tree_cache = { ['guest.lua'] = [[
    local inbox = require 'inbox'
    local to = inbox:receive()
    to:send('here')
    -- The word comes another way, so that nothing else is taken before.
    local go = require('stream').read_all
    local fd = inbox:receive()
    local pipe = require 'pipe'
    local reader = pipe.read_stream.new(fd)
    reader:read_some(byte_span.new(1))
    local n, in_order = 0, true
    while true do
      local m = inbox:receive()
      if m == 'last' then break end
      n = n + 1
      in_order = in_order and m == n
    end
    to:send{ n = n, in_order = in_order }
  ]] }
} }
ch:send(inbox)
print(inbox:receive())
local word, say = require('pipe').pair()
ch:send(word:release())

local sent = 0
local sender = spawn(function ()
  for i = 1, 5000 do
    ch:send(i)
    sent = i
  end
  ch:send('last')
end)
-- Until it waits.
local before = -1
while sent ~= before or sent == 0 do
  before = sent
  for i = 1, 100 do this_fiber.yield() end
end
print(sent > 10 and sent < 5000)
-- Another one waits behind it, and gives up.
local impatient = spawn(function () ch:send('never') end)
this_fiber.yield()
impatient:cancel()
impatient:join()
print(impatient.cancellation_caught)
say:write_some(byte_span.append('x'))
sender:join()
local m = inbox:receive()
print(m.n, m.in_order)

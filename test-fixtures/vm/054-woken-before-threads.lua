-- Who was woken before there were more threads does not wait for the one that goes on to compute.
local inbox = require 'inbox'
local runtime = require 'runtime'
local time = require 'time'

if _CONTEXT ~= 'main' then
  inbox:receive():send('here')
  return
end

local actor = spawn_vm{ module = '.', inherit_context = true }
actor:send(inbox)
spawn_context_threads(1)
-- Nothing here suspends until the answer is there.
local begin, answered = time.steady_clock.now(), false
while not answered and time.steady_clock.now() - begin < 20 do
  for _, vm in ipairs(runtime.vms()) do answered = answered or (vm.messages or 0) > 0 and vm.role == 'main' end
end
print(answered)
print(inbox:receive())

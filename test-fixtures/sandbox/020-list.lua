-- What runs in sandboxes, and its end by number.
-- Memory is limited, and a sanitizer maps terabytes.
-- needs: unsanitized
-- foundations
local sandbox = require 'sandbox'
local fs = require 'filesystem'

local environment = { PATH = '/usr/bin:/bin' }
local foundations = { select(3, unpack(require('system').arguments)) }
for _, foundation in ipairs(foundations) do
  print('== ' .. foundation)
  local box = sandbox.new{ read = sandbox.system_paths(), foundation = foundation, limits = { memory = 2^30, memory_scope = 'process' } }
  local guest = box:spawn{ program = 'sleep', arguments = { 'sleep', '1000' }, environment = environment }
  local actor = spawn_vm{ module = fs.path.new('/guest.lua'), subprocess = {
    sandbox = box, source_tree_cache = { ['guest.lua'] = "require 'inbox':receive()" } } }
  box:handshake()
  for _, g in ipairs(sandbox.list()) do
    print(g.program, g.actor, g.foundation, g.memory_scope, g.pid == guest.pid or g.pid == actor.child_pid, g.memory > 0, g.processor_time >= 0, g.since > 0)
  end
  sandbox.kill(guest.pid)
  guest:wait()
  print(guest.exit_signal, guest.memory_scope, #sandbox.list())
  sandbox.kill(actor.child_pid)
  print(actor:closed(), #sandbox.list())
end
print '== all'
local ok, e = pcall(sandbox.kill, 1, 0)
print(ok, e.code, e.arg)

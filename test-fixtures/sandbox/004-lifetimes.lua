-- How actors in other processes end, and who is told.
local fs = require 'filesystem'
local inbox = require 'inbox'
local system = require 'system'

-- What went wrong, without numbers that vary.
local function failure (...)
  local ok, e = pcall(...)
  return ok, (tostring(e):gsub('process %d+', 'process N'))
end

local function start (guest, more)
  local subprocess = more or {}
  subprocess.source_tree_cache = { ['guest.lua'] = guest }
  return spawn_vm{ module = fs.path.new('/guest.lua'), subprocess = subprocess }
end

print(start('return'):closed())
print(start("error('no')"):closed())
print(start('not Lua'):closed())
print(start("require('system').exit(3)"):closed())
print(spawn_vm{ subprocess = {} }:closed())
print(spawn_vm{ subprocess = { init = { script = '' } } }:closed())
print(spawn_vm{ subprocess = { init = { script = 'C.chdir("/nowhere")' } } }:closed() ~= 'ended')

-- Its inbox closes, and with it the channel.
local ch = start[[
  local inbox = require 'inbox'
  local to = inbox:receive()
  inbox:close()
  to:send('closed')
  require('time').sleep(1000)
]]
ch:send(inbox)
print(inbox:receive())
print(failure(ch.send, ch, 1))
ch:kill()
print(failure(ch.send, ch, 1))

-- Nobody can send to it any more.
ch = start[[
  local inbox = require 'inbox'
  local ok, e = pcall(function () inbox:receive() end)
  require('system').exit(ok and 1 or 4)
]]
local waiter = spawn(function () return ch:closed() end)
ch:close()
print(waiter:join())
print(failure(ch.send, ch, 1))

-- Signals: the process is this one and no other.
ch = start[[
  local inbox = require 'inbox'
  local set = require('system').signal.set.new(10)
  inbox:receive():send('ready')
  set:wait()
]]
ch:send(inbox)
inbox:receive()
ch:kill(system.signal.SIGUSR1)
print(ch:closed())
print(pcall(ch.kill, ch, system.signal.SIGUSR1))
ch:kill()
print(pcall(ch.kill, ch, 1000))

-- What others have started is not ours to end.
local other = start[[
  local inbox = require 'inbox'
  inbox:receive():send(inbox)
  inbox:receive()
]]
other:send(inbox)
local address = inbox:receive()
for _, name in ipairs{ 'kill', 'detach', 'closed' } do
  local ok, e = pcall(address[name], address)
  print(name, ok, e)
end
-- It is a capability of its own, that was handed out later.
print(address == other, address == address)
address:send('end')
print(other:closed())

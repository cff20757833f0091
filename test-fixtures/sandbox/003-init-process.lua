-- needs: pidns
-- The first process of a PID namespace forwards signals, reaps, and ends as the actor does.
local fs = require 'filesystem'
local inbox = require 'inbox'
local system = require 'system'

local map = ([[
  C.write(C.open('/proc/self/setgroups', C.O_WRONLY), 'deny')
  C.write(C.open('/proc/self/uid_map', C.O_WRONLY), '0 UID 1\n')
  C.write(C.open('/proc/self/gid_map', C.O_WRONLY), '0 GID 1\n')
]]):gsub('UID', tostring(({ system.getresuid() })[2])):gsub('GID', tostring(({ system.getresgid() })[2]))

local function start (guest)
  local ch = spawn_vm{ module = fs.path.new('/guest.lua'), subprocess = {
    newns_user = true, newns_pid = true, stderr = 'share',
    init = { script = map },
    source_tree_cache = { ['guest.lua'] = guest }
  } }
  ch:send(inbox)
  return ch
end

local ch = start[[
  local inbox = require 'inbox'
  local system = require 'system'
  local to = inbox:receive()
  to:send(system.getpid() .. ' ' .. system.getppid())
  system.exit(7)
]]
print(inbox:receive())
print(ch:closed())

local waits_for = [[
  local inbox = require 'inbox'
  local system = require 'system'
  local to = inbox:receive()
  local signals = system.signal.set.new(system.signal.SIGTERM, system.signal.SIGUSR1, system.signal.SIGUSR2,
    system.signal.SIGHUP, system.signal.SIGINT, 38)
  to:send('ready')
  for i = 1, 6 do to:send(signals:wait()) end
]]
ch = start(waits_for)
print(inbox:receive())
for _, signo in ipairs{ 'SIGTERM', 'SIGUSR1', 'SIGUSR2', 'SIGHUP', 'SIGINT' } do
  ch:kill(system.signal[signo])
  print(signo, inbox:receive() == system.signal[signo])
end
ch:kill(38)
print('SIGRTMIN+4', inbox:receive() == 38)
print(ch:closed())

-- One that dies of a signal, and one that is killed with all there is.
ch = start[[
  local inbox = require 'inbox'
  local system = require 'system'
  inbox:receive():send('here')
  system.signal.raise(system.signal.SIGKILL)
]]
print(inbox:receive())
print(ch:closed())
ch = start[[
  local inbox = require 'inbox'
  inbox:receive():send('here')
  inbox:receive()
]]
print(inbox:receive())
ch:kill()
print(ch:closed())
print(select(2, pcall(ch.send, ch, 1)).message:gsub('%d+', 'N'))

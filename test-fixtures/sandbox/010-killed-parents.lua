-- needs: pidns
-- Whenever a program is killed, none of its actors is left; nor is one whose fork server was killed.
local fs = require 'filesystem'
local inbox = require 'inbox'
local pipe = require 'pipe'
local system = require 'system'
local time = require 'time'

local here = fs.path.new(system.arguments[2]).parent_path
local executable = fs.read_symlink(fs.path.new('/proc/self/exe'))

-- How many processes a session has.
local function processes (session)
  local r, w = pipe.pair()
  w = w:release()
  system.spawn{
    program = 'awk', arguments = { 'awk', '-v', 's=' .. session, [[
      BEGIN { while (("cat /proc/[0-9]*/stat 2>/dev/null" | getline) > 0) if ($6 == s && $3 != "Z") n++; print n + 0 }]] },
    environment = { PATH = '/usr/bin:/bin' }, stdout = w
  }:wait()
  w:close()
  local buf = byte_span.new(20)
  return tonumber((tostring(buf:first(r:read_some(buf))):gsub('%s', '')))
end

local function none_left (session)
  for i = 1, 1000 do
    if processes(session) == 0 then return true end
    time.sleep(0.01)
  end
  return false
end

local left = 0
for i = 1, 25 do
  local p = system.spawn{
    program = executable, arguments = { 'emilua', tostring(here / 'killed-parent.lua') },
    start_new_session = true
  }
  time.sleep(i * 0.0005)
  local session = p.pid
  p:kill(system.signal.SIGKILL)
  p:wait()
  if not none_left(session) then left = left + 1 end
end
print(left)

-- One that ends by itself, and one of whose actors was detached.
local function run (word)
  local r, w = pipe.pair()
  w = w:release()
  local p = system.spawn{
    program = executable, arguments = { 'emilua', tostring(here / 'killed-parent.lua'), word }, stdout = w,
    start_new_session = true
  }
  w:close()
  local session = p.pid
  local buf = byte_span.new(100)
  local pid = tonumber((tostring(buf:first(r:read_some(buf)))))
  p:wait()
  return session, pid
end
print(none_left((run 'ends')))
local session, pid = run 'detaches'
-- It, and the server whose child it is.
print(processes(session))
system.spawn{ program = 'kill', arguments = { 'kill', tostring(pid) }, environment = { PATH = '/usr/bin:/bin' } }:wait()
print(none_left(session))

-- Without its server an actor ends, and the next one has another.
local function start ()
  local ch = spawn_vm{ module = fs.path.new('/guest.lua'), subprocess = { source_tree_cache = { ['guest.lua'] = [[
    local inbox = require 'inbox'
    inbox:receive():send(require('system').getppid())
    inbox:receive()
  ]] } } }
  ch:send(inbox)
  return ch, inbox:receive()
end
local ch, server = start()
system.spawn{ program = 'kill', arguments = { 'kill', '-9', tostring(server) }, environment = { PATH = '/usr/bin:/bin' } }:wait()
print(ch:closed())
local ch2, server2 = start()
print(server2 ~= server)

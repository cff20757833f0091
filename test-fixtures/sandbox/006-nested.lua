-- needs: userns pidns
-- An actor in a process of its own starts another one there.
local fs = require 'filesystem'
local inbox = require 'inbox'

local ch = spawn_vm{ module = fs.path.new('/outer.lua'), subprocess = {
  stderr = 'share',
  source_tree_cache = { ['outer.lua'] = [[
    local fs = require 'filesystem'
    local inbox = require 'inbox'
    local to = inbox:receive()
    local inner = spawn_vm{ module = fs.path.new('/inner.lua'), subprocess = {
      stderr = 'share',
      source_tree_cache = { ['inner.lua'] = "require('inbox'):receive():send('from the innermost')" }
    } }
    inner:send(to)
    to:send('outer: ' .. inner:closed())
  ]] }
} }
ch:send(inbox)
local lines = { inbox:receive(), inbox:receive() }
table.sort(lines)
print(lines[1])
print(lines[2])
print(ch:closed())

-- The same where there is nothing: neither an executable nor a library, not even /proc.
local system = require 'system'
local function nest (options, script)
  options.stderr = 'share'
  options.init = { script = (([[
    C.write(C.open('/proc/self/setgroups', C.O_WRONLY), 'deny')
    C.write(C.open('/proc/self/uid_map', C.O_WRONLY), '0 UID 1\n')
    C.write(C.open('/proc/self/gid_map', C.O_WRONLY), '0 GID 1\n')
    C.mount(nil, '/', nil, bit.bor(C.MS_REC, C.MS_PRIVATE))
    C.mount(nil, '/mnt', 'tmpfs', 0)
    C.mkdir('/mnt/old', mode(7, 0, 0))
    C.chdir('/mnt')
    C.pivot_root('.', 'old')
    C.umount2('/old', C.MNT_DETACH)
  ]]):gsub('UID', tostring(({ system.getresuid() })[2])):gsub('GID', tostring(({ system.getresgid() })[2]))) }
  options.source_tree_cache = { ['outer.lua'] = [[
    local fs = require 'filesystem'
    local inbox = require 'inbox'
    local to = inbox:receive()
    for i = 1, 3 do
      local inner = spawn_vm{ module = fs.path.new('/inner.lua'), subprocess = {
        stderr = 'share', newns_user = true, newns_pid = true,
        source_tree_cache = { ['inner.lua'] = "require('inbox'):receive():send(require('system').getpid())" }
      } }
      inner:send(to)
      -- How, a sanitizer decides, which misses /proc at the end.
      to:send('inner ' .. (inner:closed() and 'closed'))
    end
  ]] }
  local outer = spawn_vm{ module = fs.path.new('/outer.lua'), subprocess = options }
  outer:send(inbox)
  local got = {}
  for i = 1, 6 do got[i] = tostring(inbox:receive()) end
  table.sort(got)
  print(table.concat(got, ', '))
  print(outer:closed() ~= nil)
end
nest{ newns_user = true, newns_mount = true }
nest{ newns_user = true, newns_mount = true, newns_pid = true }

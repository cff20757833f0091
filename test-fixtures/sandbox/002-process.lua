-- What a process of its own has: nothing that it was not given.
local fs = require 'filesystem'
local inbox = require 'inbox'
local pipe = require 'pipe'
local stream = require 'stream'

local guest = [[
  local inbox = require 'inbox'
  local system = require 'system'
  local fs = require 'filesystem'
  local to = inbox:receive()
  local environment = {}
  for name, value in pairs(system.environment) do environment[#environment + 1] = name .. '=' .. value end
  table.sort(environment)
  local mask = fs.umask(18)
  fs.umask(mask)
  to:send{
    context = _CONTEXT,
    environment = table.concat(environment, ' '),
    umask = mask,
    arguments = #system.arguments,
    input = (pcall(system.in_.read_some, system.in_, byte_span.new(1))),
    output = (pcall(system.out.write_some, system.out, byte_span.append('x'))),
    pid = system.getpid(),
    directory = tostring(fs.current_working_directory()),
  }
  -- The descriptors there are, and what they are.
  local kinds = {}
  for entry in fs.directory_iterator(fs.path.new('/proc/self/fd')) do
    local number = tostring(entry.path.filename)
    local ok, target = pcall(fs.read_symlink, entry.path)
    if ok then kinds[#kinds + 1] = number .. ' ' .. tostring(target):gsub('%d+', 'N') end
  end
  table.sort(kinds)
  for _, kind in ipairs(kinds) do to:send(kind) end
  to:send('end')
]]

local function start (subprocess)
  subprocess.source_tree_cache = { ['guest.lua'] = guest }
  local ch = spawn_vm{ module = fs.path.new('/guest.lua'), subprocess = subprocess }
  ch:send(inbox)
  return ch, inbox:receive()
end

local ch, m = start{}
print(m.context, '[' .. m.environment .. ']', m.umask, m.input, m.output, m.arguments)
print(m.pid == ch.child_pid, m.directory == tostring(fs.current_working_directory()))
-- Besides the standard streams the address of this program, its inbox and what waits for both.
while true do
  local kind = inbox:receive()
  if kind == 'end' then break end
  if not kind:find('^[N/%d]+ /proc/N/fd') then print(kind) end
end
print(ch:closed())

local input, output = pipe.pair()
local given_in, given_out = pipe.pair()
stream.write_all(given_out, 'x')
local fd = given_in:release()
ch, m = start{ environment = { B = '2', A = '1=1' }, stdin = fd }
fd:close()
print('[' .. m.environment .. ']', m.input)

-- What a guest writes to a folder stays out of it until somebody wants it there.
-- foundations
local sandbox, fs, system = require 'sandbox', require 'filesystem', require 'system'

local folder = fs.temp_directory_path() / ('emilua-copied-' .. system.getpid())
fs.create_directory(folder)
scope_cleanup_push(function () fs.remove_all(folder) end)

local function shell (box, script)
  local result = box:run({ program = 'sh', arguments = { 'sh', '-c', script }, environment = { PATH = '/usr/bin:/bin' } })
  print(result.stdout .. result.stderr)
end
local function host (script)
  return sandbox.new{ read = { '/' } }:run({ program = 'sh', arguments = { 'sh', '-c', script }, environment = { PATH = '/usr/bin:/bin' }, working_directory = folder }).stdout
end
local function tell (box)
  for _, c in ipairs(box:changes()) do print(c.change, c.type, c.path, c.size) end
end

local foundations = { select(3, unpack(require('system').arguments)) }
for _, foundation in ipairs(foundations) do
  print('== ' .. foundation)
  local box = sandbox.new{ read = sandbox.system_paths(), foundation = foundation, copy_on_write = folder }
  shell(box, 'echo one > file; mkdir sub; echo two > sub/other; ln -s /etc link; ls')
  print('outside: ' .. host 'ls')
  tell(box)
  box:commit()
  print(host 'ls; cat sub/other')
  tell(box)
  shell(box, 'cat file; rm -r sub; echo more >> file; rm link')
  tell(box)
  box:discard()
  tell(box)
  print(host 'cat file sub/other')
  shell(box, 'rm -r *')
  box:commit()
  print('left: ' .. host 'ls')
end
print '== all'

for _, wrong in ipairs{
  function () sandbox.new{ copy_on_write = folder, write = { folder } } end,
  function () sandbox.new{ copy_on_write = '/none' } end,
  function () sandbox.new():commit() end,
} do
  local ok, e = pcall(wrong)
  print(ok, (tostring(e):gsub('%d+', 'N')))
end
local box = sandbox.new{ read = sandbox.system_paths(), copy_on_write = folder }
local guest = box:spawn{ program = 'sleep', arguments = { 'sleep', '1000' } }
for _, name in ipairs{ 'changes', 'commit', 'discard' } do print(name, select(2, pcall(box[name], box)).code) end
guest:kill(9)
guest:wait()
tell(box)

-- Any program, with what it may read, write and use said in one place.
local sandbox = require 'sandbox'

local system = sandbox.system_paths()
local box = sandbox.new{ read = system, limits = { seconds = 60 } }

local function shell (script, more)
  local opts = { program = 'sh', arguments = {'sh', '-c', script}, environment = { PATH = '/usr/bin:/bin' } }
  for name, value in pairs(more or {}) do opts[name] = value end
  return box:run(opts)
end

local result = shell 'echo out; echo err >&2; exit 3'
print(result.stdout, result.stderr, result.exit_code, result.exit_signal, result.limit, result.truncated, result.foundation == sandbox.probe().foundation)
print(shell('cat; cat /etc/hostname 2>/dev/null || echo no files', { input = 'in\n' }).stdout)
result = shell('yes | head -c 100000', { limit = 4 })
print(#result.stdout, result.truncated, result.exit_code)
print(sandbox.new{ read = system, limits = { seconds = 0.1 } }:run{
  program = 'sleep', arguments = {'sleep', '60'}, environment = { PATH = '/usr/bin:/bin' } }.limit)

for _, wrong in ipairs{
  function () shell('', { input = 1 }) end,
  function () shell('', { stdout = 'share' }) end,
  function () shell('', { limit = -1 }) end,
  function () shell('', { limits = 4 }) end,
  function () box:run{ program = '/none' } end,
  function () sandbox.new{ read = {'/none'} }:run{ program = '/none' } end,
  function () box.run{ program = 'true' } end,
  function () box:run() end,
  function () return sandbox.run end,
  function () sandbox.new{ reads = {} } end,
  function () sandbox.new{ limits = { seconds = 0 } } end,
} do
  local ok, e = pcall(wrong)
  print(ok, e)
end

-- With its fiber, a guest ends.
local f = spawn(function () shell 'sleep 1000' end)
require('time').sleep(0.05)
f:cancel()
f:join()
print 'canceled'

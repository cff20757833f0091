-- Programs that read what others write, each with a policy of its own.
-- foundations
local sandbox, system = require 'sandbox', require 'system'

local paths = sandbox.system_paths()
local function stage (script, policy)
  policy = policy or {}
  policy.read = policy.read or paths
  return { sandbox = sandbox.new(policy), program = 'sh', arguments = { 'sh', '-c', script }, environment = { PATH = '/usr/bin:/bin' } }
end

local foundations = { select(3, unpack(require('system').arguments)) }
for _, foundation in ipairs(foundations) do
  print('== ' .. foundation)
  local result = sandbox.pipeline({
    stage('cat; echo first >&2', { foundation = foundation }),
    stage('sort; exit 3', { foundation = foundation }),
    stage('tr a-z A-Z; exit 4', { foundation = foundation }),
  }, { input = 'b\na\n' })
  print(result.stdout)
  for _, s in ipairs(result.stages) do print(s.exit_code, s.exit_signal, s.limit, s.foundation, (s.stderr:gsub('\n', ''))) end
end
print '== all'

local result = sandbox.pipeline({ stage 'exec yes', stage 'head -n 2' }, { limit = 3 })
print((result.stdout:gsub('\n', '|')), result.truncated, result.stages[1].exit_signal, result.stages[2].exit_code)
print(sandbox.pipeline{ stage('exec sleep 1000', { limits = { seconds = 0.1 } }), stage 'cat' }.stages[1].limit)

-- With its fiber, all of them end; so they do when one cannot be started.
local f = spawn(function () sandbox.pipeline{ stage 'exec sleep 1000', stage 'exec sleep 1000' } end)
require('time').sleep(0.05)
f:cancel()
f:join()
print 'canceled'
local none = stage ''
none.program = '/none'
for _, wrong in ipairs{
  function () sandbox.pipeline{ stage 'exec sleep 1000', none } end,
  function () sandbox.pipeline{} end,
  function () sandbox.pipeline{ { program = 'ls' } } end,
  function () sandbox.pipeline{ { sandbox = sandbox.new(), programm = 'ls' } } end,
  function () sandbox.pipeline({ stage '' }, { limit = -1 }) end,
  function () sandbox.pipeline({ stage '' }, { signal = 9 }) end,
} do
  local ok, e = pcall(wrong)
  print(ok, e)
end

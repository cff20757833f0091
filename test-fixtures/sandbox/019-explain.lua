-- What of a policy would have allowed what was refused.
-- foundations
local sandbox = require 'sandbox'

local paths = sandbox.system_paths()
local foundations = { select(3, unpack(require('system').arguments)) }
for _, foundation in ipairs(foundations) do
  print('== ' .. foundation)
  local box = sandbox.new{ read = paths, foundation = foundation, explain = true }
  local result = box:run({ program = 'sh', arguments = { 'sh', '-c', 'cat /etc/passwd; cat /etc/none; (echo x > /tmp/emilua-refused); true' }, environment = { PATH = '/usr/bin:/bin' } })
  print(result.foundation, result.exit_code, result.stdout)
  for _, r in ipairs(result.refused) do
    if r.target == '/etc/passwd' or r.target == '/tmp/emilua-refused' or r.target == '/etc/none' then print(r.operation, r.target, r.field, r.value) end
  end
end
print '== all'

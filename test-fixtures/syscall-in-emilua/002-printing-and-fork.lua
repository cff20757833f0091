-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What was printed before a fork is printed once, and what a child prints is not lost, however it ends.
-- env: EMILUA_PATH=$DIR/../../packages
local S = require 'syscall'

local ends = {
  function () S.exit(1) end,
  function () S._exit(2) end,
  function () S.execve('/bin/sh', { 'sh', '-c', 'echo of another program; exit 3' }, {}) end,
  function () require('system').exit(4) end,
  function () S.kill(S.getpid(), 'kill') end
}
for i, leave in ipairs(ends) do
  print('parent', i)
  local pid = assert(S.fork())
  if pid == 0 then
    print('child', i)
    leave()
  end
  local status = assert(S.waitpid(pid))
  print(status.EXITSTATUS or status.TERMSIG)
end

-- SPDX-License-Identifier: MIT OR BSL-1.0
local generic_error = require 'generic_error'
local libc_service = require 'libc_service'
local pipe = require 'pipe'
local system = require 'system'

local environment = libc_service.environment(4)
environment.PATH = '/bin:/usr/bin'
environment.LC_ALL = 'C'

local function start (slave, ...)
  local out, stdout = pipe.pair()
  stdout = stdout:release()
  local child = system.spawn{
    program = (...), arguments = { ... }, environment = environment, extra_fds = { [4] = slave }, stdout = stdout, stderr = stdout
  }
  stdout:close()
  print(pcall(function () slave.open = 'return 0' end)) -- it runs with those that there were
  slave:close()
  return child, out
end

local function said (out)
  local text = byte_span.new(1000)
  local n = 0
  pcall(function () while true do n = n + out:read_some(text:sub(n + 1)) end end)
  return (tostring(text:sub(1, n)):gsub('%s+$', ''))
end

-- Before there is a call.
local master, slave = libc_service.new()
print(master.function_)
for _, name in ipairs{ 'arguments', 'send', 'use_slave_credentials' } do
  local ok, e = pcall(function () master[name](master, 0) end)
  print(name, ok, e)
end
print(select('#', master:descriptors()))

-- A program that cannot be run leaves the slave as it is.
local ok, e = pcall(start, slave, '/nonexistent')
print(ok, e.code == 2, slave.is_open)

-- A call that nobody answers fails, and so does one that comes when nobody is there.
local child, out = start(slave, 'cat', '/a', '/b')
print(slave.is_open)
ok, e = pcall(start, slave, 'true')
print(ok, e)
ok, e = pcall(function () slave.open = '' end)
print(ok, e)
master:receive()
print((master:arguments()))
master:receive()
print((master:arguments()))
for _, result in ipairs{ 'noname', {}, { type = 'regular', mode = 0 }, 1.5 } do
  ok, e = pcall(function () master:send(result) end)
  print(ok, e)
end
ok, e = pcall(function () master:send(-1, 'ENOTHING') end)
print(ok, e)
ok, e = pcall(function () master:send_with_fds(0, { 5 }) end)
print(ok, e)
master:close()
child:wait()
print(said(out), child.exit_code)
print(pcall(function () master:receive() end))

-- Nobody waits for the answer any more.
master, slave = libc_service.new()
child, out = start(slave, 'cat', '/a')
master:receive()
child:kill(system.signal.SIGKILL)
child:wait()
master:send(-1, generic_error.EACCES)
ok, e = pcall(function () master:send(0) end)
print(ok, e)
print(pcall(function () master:receive() end))

-- Whoever closes our descriptor gets no answers; whoever has another one of that number is on its own.
master, slave = libc_service.new()
child, out = start(slave, '/usr/bin/python3', '-I', '-c', [[
import os
os.closerange(3, 1000)
try: open('/dev/null')
except OSError as e: print(e.errno)
other = os.dup(0)
for n in range(500, 510): os.dup2(other, n)
try: open('/dev/null')
except OSError as e: print(e.errno)]])
while pcall(function () master:receive() end) do master:use_slave_credentials() end
child:wait()
print((said(out):gsub('\n', ' ')), child.exit_code)

-- Canceled while it waits.
master, slave = libc_service.new()
local f = spawn(function () master:receive() end)
this_fiber.yield()
f:cancel()
f:join()
print(f.cancellation_caught)

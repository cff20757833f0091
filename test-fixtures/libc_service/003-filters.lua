-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Filters decide in the program whether there is anything to ask.
local fs = require 'filesystem'
local libc_service = require 'libc_service'
local pipe = require 'pipe'
local stream = require 'stream'
local system = require 'system'

local function run (slave, master, answer, ...)
  local environment = libc_service.environment(3)
  environment.PATH = '/usr/bin:/bin'
  environment.LC_ALL = 'C'
  local out, stdout = pipe.pair()
  stdout = stdout:release()
  local child = system.spawn{
    program = (...), arguments = { ... }, environment = environment, extra_fds = { [3] = slave },
    stdout = stdout, stderr = stdout
  }
  stdout:close()
  slave:close()
  local said = byte_span.new(4096)
  local n = 0
  local reading = spawn(function ()
    pcall(function () while true do n = n + out:read_some(said:sub(n + 1)) end end)
  end)
  while pcall(function () master:receive() end) do answer() end
  child:wait()
  reading:join()
  print((tostring(said:sub(1, n)):gsub('%s+$', '')))
  print(child.exit_code)
end

local function content (text)
  local reader, writer = pipe.pair()
  stream.write_all(writer, text)
  writer:close()
  return reader:release()
end

local master, slave = libc_service.new()
print(slave.open, slave.stat)
slave.open = [[
  local real_open, path, flags, mode = ...
  if path == '/made-here' then
    local fd = C.open('/tmp', bit.bor(C.O_TMPFILE, C.O_RDWR), mode or 384)
    C.write(fd, 'made in the program\n')
    return C.open('/proc/self/fd/' .. fd, C.O_RDONLY)
  elseif path == '/elsewhere' then
    return real_open('/asked', flags)
  elseif path == '/refused' then
    return -1, C.EROFS
  elseif path == '/broken' then
    error 'a mistake'
  end
  return real_open(path, flags, mode)
]]
print(#slave.open > 100)
run(slave, master, function ()
  print(master.function_, (master:arguments()))
  if tostring((master:arguments())) == '/asked' then
    master:send_with_fds(0, { content('asked for\n') })
  else
    master:use_slave_credentials()
  end
end, 'cat', '/made-here', '/elsewhere', '/refused', '/broken', '/dev/null')
print(pcall(function () slave.open = 'return 1' end))

-- Those of each process that the program starts, and of every function.
master, slave = libc_service.new()
slave.stat = [[
  local real, path = ...
  if path == '/v/own' then return { type = 'fifo', mode = 420, size = 12, nlink = 5, mtime = 981173106.5 } end
  local s, errno = real(path)
  if type(s) == 'table' and path == '/v/bigger' then s.size = s.size + 1 end
  return s, errno
]]
slave.mkdir = [[local real, path, mode = ... return real(path .. '-suffix', mode)]]
slave.rename = [[local real, from, to = ... return real(to, from)]]
slave.connect_inet = [[local real, fd, address, port = ... return real(fd, { 127, 0, 0, address[4] }, port + 1)]]
slave.getaddrinfo = [[
  local real, node, service, protocol = ...
  if node == 'own.example' then return nil, { 192, 0, 2, 9 }, 99 end
  if node == 'none.example' then return nil end
  if node == 'later.example' then return 'again' end
  return real(node, service, protocol)
]]
slave.access = 'return 0'
local t = fs.clock.unix_epoch()
run(slave, master, function ()
  local first, second = master:arguments()
  if master.function_ == 'stat' then
    if tostring(first) == '/v/bigger' then master:send{ type = 'regular', mode = 384, size = 9, mtime = t } else master:use_slave_credentials() end
  elseif master.function_ == 'getaddrinfo' then
    print(master.function_, first, second)
    master:send('noname')
  elseif master.function_:find('^[rmc]') then
    print(master.function_, first, second)
    master:send(0)
  else
    master:use_slave_credentials()
  end
end, '/usr/bin/python3', '-I', '-c', [[
import os, socket, subprocess
s = os.stat('/v/own')
print(s.st_mode == 0o10644, s.st_size, s.st_nlink, s.st_mtime)
os.mkdir('/v/folder', 0o700)
os.rename('/v/a', '/v/b')
socket.socket().connect(('10.0.0.4', 79))
for name in 'own', 'none', 'later', 'other':
    try: print(sorted({a[4] for a in socket.getaddrinfo(name + '.example', 5, type=socket.SOCK_STREAM)}))
    except socket.gaierror as e: print(e.errno == socket.EAI_AGAIN, e.errno == socket.EAI_NONAME)
print(os.access('/v/nothing', os.R_OK), flush=True)
subprocess.run(['stat', '-L', '-c', '%s', '/v/bigger'], close_fds=False)
]])

-- A filter that is no program keeps the program from running.
master, slave = libc_service.new()
slave.unlink = 'return ='
run(slave, master, error, 'true')
master, slave = libc_service.new()
local ok, e = pcall(function () slave.unlink = ('x'):rep(2^17) end)
print(ok, e, slave.unlink)
slave.unlink = 'return 0'
slave.unlink = nil
print(slave.unlink)
slave:close()
print(pcall(function () master:receive() end))

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Every function, called by a program that knows nothing of it.
local fs = require 'filesystem'
local generic_error = require 'generic_error'
local ip = require 'ip'
local libc_service = require 'libc_service'
local pipe = require 'pipe'
local stream = require 'stream'
local system = require 'system'

local program = [[
import os, socket

def attempt(name, f, *args):
    try: print(name, f(*args))
    except OSError as e: print(name, type(e).__name__, e.errno)

def is_open(n):
    try: os.fstat(n)
    except OSError: return False
    return True

def size(path): return os.stat(path).st_size
print('open', open('/v/file').read())
print('left over', [n for n in range(3, 30) if is_open(n)])
attempt('new', lambda: os.close(os.open('/v/new', os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_SYNC, 0o640)))
attempt('unlink', os.unlink, '/v/file')
attempt('rename', os.rename, '/v/a', '/v/b')
attempt('stat', size, '/v/file')
attempt('missing', size, '/v/missing')
attempt('lstat', lambda: os.lstat('/v/link').st_mode)
attempt('access', os.access, '/v/file', os.R_OK | os.X_OK)
attempt('exists', os.access, '/v/file', os.F_OK)
attempt('effective', lambda: os.access('/v/file', os.W_OK, effective_ids=True))
attempt('mkdir', os.mkdir, '/v/folder', 0o750)
attempt('rmdir', os.rmdir, '/v/folder')
folder = os.open('/', os.O_DIRECTORY)
attempt('openat', lambda: os.read(os.open('v/file', os.O_RDONLY, dir_fd=folder), 20))
attempt('listdir', lambda: len(os.listdir('/v/folder')))
s = socket.socket(socket.AF_UNIX)
attempt('connect_unix', s.connect, '/v/socket')
attempt('bind_unix', s.bind, '/v/other')
s = socket.socket(socket.AF_INET)
attempt('connect_inet', s.connect, ('192.0.2.1', 80))
s.settimeout(5)
attempt('greeting', s.recv, 10)
attempt('bind_inet', s.bind, ('127.0.0.1', 7))
s = socket.socket(socket.AF_INET6)
attempt('connect_inet6', s.connect, ('2001:db8::1', 8080, 0, 3))
attempt('bind_inet6', s.bind, ('::1', 9))
attempt('getaddrinfo', lambda: sorted({a[4] for a in socket.getaddrinfo('host.example', 'http', type=socket.SOCK_STREAM)}))
]]

local acceptor = ip.tcp.listen('127.0.0.1:0')
spawn(function ()
  stream.write_all(acceptor:accept(), 'welcome')
end):detach()

local function content (text)
  local reader, writer = pipe.pair()
  stream.write_all(writer, text)
  writer:close()
  return reader:release()
end

local master, slave = libc_service.new()
local t = fs.clock.unix_epoch()
t:add(1)
local answers = {
  open = function (path)
    if path == '/v/file' then return master:send_with_fds(0, { content('content'), content('of no use') }) end
    if path == '/v/folder' then return master:send_with_fds(0, { fs.open(fs.path.new('/proc/self/task'), { 'read_only', 'directory' }) }) end
    master:send(-1, generic_error.EROFS)
  end,
  openat = function ()
    local folder, more = master:descriptors()
    print('', folder.type, more, master:descriptors())
    folder:close()
    master:send_with_fds(0, { content('of a folder') })
  end,
  stat = function (path)
    if path == '/v/missing' then return master:send(-1, 2) end
    master:send{ type = 'regular', mode = 420, size = 42, atime = t, mtime = t, ctime = t, dev = 1, ino = 2, nlink = 1, uid = 3, gid = 4, rdev = 0, blksize = 512 }
  end,
  lstat = function () master:send{ type = 'symlink', mode = 511 } end,
  access = function () master:send(-1, generic_error.EACCES) end,
  eaccess = function () master:send(0) end,
  connect_inet = function (_, port)
    -- The connection that it gets is another one.
    local socket = ip.tcp.socket.new()
    socket:assign('v4', (master:descriptors()))
    socket:connect(ip.address.loopback_v4(), acceptor.local_port)
    socket:release():close()
    master:send(0)
  end,
  getaddrinfo = function () master:send{ ip.address.new('192.0.2.7'), 81 } end
}

local function is_ours (function_, path)
  return function_:find('_') or function_ == 'getaddrinfo' or function_ == 'openat' or tostring(path):find('^/v/')
end

local function show (value)
  if type(value) == 'table' then return '{' .. table.concat(value, ' ') .. '}' end
  return tostring(value)
end

local out, stdout = pipe.pair()
stdout = stdout:release()
local environment = libc_service.environment(3)
environment.PYTHONDONTWRITEBYTECODE = '1'
environment.PYTHONUNBUFFERED = '1'
environment.PATH = '/usr/bin:/bin'
local child = system.spawn{
  program = '/usr/bin/python3', arguments = { 'python3', '-I', '-c', program }, environment = environment,
  extra_fds = { [3] = slave }, stdout = stdout, stderr = 'share'
}
stdout:close()
slave:close()

local said = byte_span.new(8192)
local n = 0
local reading = spawn(function ()
  pcall(function () while true do n = n + out:read_some(said:sub(n + 1)) end end)
end)

while pcall(function () master:receive() end) do
  local function_ = master.function_
  local arguments = { master:arguments() }
  if not is_ours(function_, arguments[1]) then
    master:use_slave_credentials()
  else
    for i, a in ipairs(arguments) do arguments[i] = show(a) end
    print(function_, unpack(arguments))
    local answer = answers[function_]
    if answer then answer(arguments[1], arguments[2]) else master:send(0) end
  end
end
child:wait()
reading:join()
print(tostring(said:sub(1, n)))
print(child.exit_code)

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Sets of objects that operations are tried on. Each has `object`, whose member the operation is, whatever the rows
-- name with a `$`, and of these what its archetype and its row ask for:
--
--   feed()   makes the other side give what is waited for: bytes, a connection, a message
--   drain()  makes the other side take what it is given
--   take()   takes what was waited for, to show that it is there
--   close()  closes, or cancels, the object
--   gone()   makes the peer go away

local file, fs, ip, pipe, stream = require 'file', require 'filesystem', require 'ip', require 'pipe', require 'stream'
local libc_service = require 'libc_service'
local serial_port, system, time, tls = require 'serial_port', require 'system', require 'time', require 'tls'
local sandbox, unix = require 'sandbox', require 'unix'

fixtures = {}

-- A fixture whose sets are what `make` returns.
local function fixture (name, make, parent)
  local methods = setmetatable({}, { __index = parent })
  methods.__index = methods
  function methods.make (short) return setmetatable(make(short), methods) end
  fixtures[name] = methods
  return methods
end

-- Writes until nothing can be written: what has to wait once may only have been on its way.
local function fill (object, buffer, method)
  local full = 0
  while full < 5 do
    local writer = spawn(function () object[method or 'write_some'](object, buffer) end)
    for _ = 1, 10 do this_fiber.yield() end
    -- A write that has been done is not affected.
    writer:cancel()
    writer:join()
    full = writer.cancellation_caught and full + 1 or 0
  end
end

-- Runs `step` in a fiber of its own until it fails.
local function repeatedly (step)
  spawn(function ()
    pcall(function () while true do step() end end)
  end):detach()
end

-- Asks the process that runs the suite for something.
local function ask (what)
  stream.write_all(system.out, '{"ask": "' .. what .. '"}\n')
end

-- What needs no objects.
fixture('nothing', function () return {} end)
fixture('loopback', function () return { address = ip.address.loopback_v4() } end)
fixture('process', function () return { pid = system.getpid() } end)
fixture('seconds', function (short) return { seconds = short and 0.02 or 1000 } end)

-- A folder of its own with one file in it, and a link to that.
fixture('files', function ()
  ask('files')
  local line, buffer = '', byte_span.new(4096)
  repeat line = line .. tostring(buffer:sub(1, system.in_:read_some(buffer))) until line:sub(-1) == '\n'
  local folder = fs.path.new(line:sub(1, -2))
  fs.create_symlink(fs.path.new('here'), folder / 'link')
  return {
    root = fs.path.new('/'), folder = folder, here = folder / 'here', link = folder / 'link', nowhere = folder / 'nowhere',
    time = fs.clock.now()
  }
end)
fixture('path_iterator', function () return { object = select(2, fs.path.new('a/b'):iterator()) } end)
fixture('directory_iterator', function ()
  return { object = select(2, fs.directory_iterator(fixtures.files.make().folder)) }
end)
local function walk () return fs.recursive_directory_iterator(fixtures.files.make().folder) end
fixture('recursive_directory_iterator', function () return { object = select(2, walk()) } end)
fixture('directory_entry', function () return { object = (walk()()) } end)

local function timer (class, clock)
  return function (short)
    local object = class.new()
    object:expires_at(clock.now() + (short and 0.02 or 1000))
    return { object = object }
  end
end
local steady_timer = fixture('steady_timer', timer(time.steady_timer, time.steady_clock))
function steady_timer:close () self.object:cancel() end
fixture('system_timer', timer(time.system_timer, time.system_clock), steady_timer)

local tcp_pair = fixture('tcp_pair', function ()
  local listener = ip.tcp.listen('127.0.0.1:0')
  local object = ip.tcp.dial('127.0.0.1:' .. listener.local_port)
  return { object = object, peer = listener:accept(), buffer = byte_span.new(5) }
end)
function tcp_pair:feed () stream.write_all(self.peer, 'hello') end
function tcp_pair:take () assert(self.object:read_some(self.buffer) == 5) end
function tcp_pair:close () self.object:close() end
function tcp_pair:gone () self.peer:close() end

-- A pair whose object cannot write any more. Unread data makes its peer's close a reset.
local full_tcp_pair = fixture('full_tcp_pair', function ()
  local c = tcp_pair.make()
  -- Sizes that are set do not grow by themselves later.
  c.object:set_option('send_buffer_size', 4096)
  c.peer:set_option('receive_buffer_size', 4096)
  c.buffer = byte_span.new(65536)
  fill(c.object, c.buffer)
  return c
end, tcp_pair)
function full_tcp_pair:drain ()
  local buffer = byte_span.new(1048576)
  repeatedly(function () self.peer:read_some(buffer) end)
end

local function tls_server (socket)
  local context = tls.context.new('tls_server')
  context:use_certificate_chain_file(fs.path.new('test-fixtures/conformance/m_cert.pem'))
  context:use_private_key_file(fs.path.new('test-fixtures/conformance/m_key.pem'), 'pem')
  return tls.socket.new(socket, context)
end

-- One end that has yet to shake hands, and the connection beside it.
local tls_client = fixture('tls_client', function ()
  local c = tcp_pair.make()
  c.object = tls.socket.new(c.object)
  return c
end, tcp_pair)
function tls_client:feed ()
  local server = tls_server(self.peer)
  spawn(function () server:server_handshake() end)
end
function tls_client:take () assert(self.object.protocol == 'TLSv1.3') end

local server_end = fixture('tls_server', function ()
  local c = tcp_pair.make()
  c.object = tls_server(c.object)
  return c
end, tls_client)
function server_end:feed ()
  local client = tls.socket.new(self.peer)
  spawn(function () client:client_handshake() end)
end

local tls_pair = fixture('tls_pair', function ()
  local c = tcp_pair.make()
  c.object, c.peer = tls.socket.new(c.object), tls_server(c.peer)
  local shaking = spawn(function () c.object:client_handshake() end)
  c.peer:server_handshake()
  shaking:join()
  return c
end, tcp_pair)

local full_tls_pair = fixture('full_tls_pair', function ()
  local c = tls_pair.make()
  c.buffer = byte_span.new(65536)
  fill(c.object, c.buffer)
  return c
end, tls_pair)
full_tls_pair.drain = full_tcp_pair.drain

local tcp_acceptor = fixture('tcp_acceptor', function ()
  local object = ip.tcp.listen('127.0.0.1:0')
  return { object = object, port = object.local_port }
end)
function tcp_acceptor:feed () self.peer = ip.tcp.dial('127.0.0.1:' .. self.port) end
function tcp_acceptor:take () assert(self.object:accept().is_open) end
function tcp_acceptor:close () self.object:close() end

-- A socket, and an acceptor that takes no more connections, so that connecting to it has to wait.
local full_listener = fixture('full_listener', function ()
  local acceptor, address = ip.tcp.acceptor.new(), ip.address.loopback_v4()
  acceptor:open('v4')
  acceptor:bind(address, 0)
  acceptor:listen(0)
  local c = { object = ip.tcp.socket.new(), acceptor = acceptor, address = address, port = acceptor.local_port, waiting = {} }
  c.endpoint = '127.0.0.1:' .. c.port
  repeat
    local socket = ip.tcp.socket.new()
    local connecting = spawn(function () socket:connect(address, c.port) end)
    time.sleep(0.02)
    connecting:cancel()
    connecting:join()
    c.waiting[#c.waiting + 1] = socket
  until connecting.cancellation_caught
  return c
end)
function full_listener:drain ()
  repeatedly(function () self.acceptor:accept() end)
end
function full_listener:close () self.object:close() end

local udp_pair = fixture('udp_pair', function ()
  local c = { object = ip.udp.socket.new(), peer = ip.udp.socket.new(), buffer = byte_span.new(5), hello = byte_span.append('hello') }
  for _, socket in ipairs { c.object, c.peer } do
    socket:open('v4')
    socket:bind(ip.address.loopback_v4(), 0)
  end
  c.object:connect(c.peer.local_address, c.peer.local_port)
  c.peer:connect(c.object.local_address, c.object.local_port)
  return c
end)
function udp_pair:feed () self.peer:send(self.hello) end
function udp_pair:close () self.object:close() end

-- Two sockets of a kind that are connected, and a descriptor to send.
local function unix_pair (class)
  return function ()
    local object, peer = class.pair()
    local reader = pipe.pair()
    return { object = object, peer = peer, buffer = byte_span.new(5), hello = byte_span.append('hello'), fds = { reader:release() } }
  end
end
local function full_unix_pair (class, size, method)
  return function ()
    local c = unix_pair(class)()
    c.buffer = byte_span.new(size)
    fill(c.object, c.buffer, method)
    return c
  end
end
fixture('unix_streams', unix_pair(unix.stream.socket), tcp_pair)
fixture('full_unix_streams', full_unix_pair(unix.stream.socket, 65536), full_tcp_pair)

local unix_packets = fixture('unix_packets', unix_pair(unix.seqpacket.socket), tcp_pair)
function unix_packets:feed () self.peer:send(self.hello) end
-- A master, and who asks it to unlink '/a', as programs do: a packet, and where to answer.
local libc_master = fixture('libc_master', function ()
  local object, slave = libc_service.new()
  local _, answer = unix.seqpacket.socket.pair()
  return {
    object = object, peer = unix.seqpacket.socket.new(slave:release()), fds = { answer:release() },
    call = byte_span.append('elq1\3\0\0\0', ('\0'):rep(24), '\2\0\0\0\0\0\0\0/a')
  }
end)
function libc_master:feed () self.peer:send_with_fds(self.call, self.fds) end
function libc_master:close () self.object:close() end
function libc_master:gone () self.peer:close() end

local full_unix_packets = fixture('full_unix_packets', full_unix_pair(unix.seqpacket.socket, 8192, 'send'), tcp_pair)
function full_unix_packets:drain ()
  local buffer = byte_span.new(8192)
  repeatedly(function () self.peer:receive(buffer) end)
end

-- Under names, so that they are found without a connection too.
local function named_datagrams (make)
  return function ()
    local c = make()
    for _, socket in ipairs { c.object, c.peer } do socket:bind('') end
    return c
  end
end
fixture('unix_datagrams', named_datagrams(unix_pair(unix.datagram.socket)), unix_packets)
fixture('full_unix_datagrams', named_datagrams(full_unix_pair(unix.datagram.socket, 1024, 'send')), full_unix_packets)

-- Somebody to send to.
fixture('unix_receiver', function ()
  local object = unix.datagram.socket.new()
  object:bind('')
  return { object = object }
end)

local function unix_acceptor (kind)
  return function ()
    local acceptor = kind.acceptor.new()
    acceptor:bind('')
    acceptor:listen()
    return { object = acceptor, kind = kind, path = acceptor.local_path }
  end
end
local unix_stream_acceptor = fixture('unix_stream_acceptor', unix_acceptor(unix.stream), tcp_acceptor)
function unix_stream_acceptor:feed () self.peer = self.kind.dial(self.path) end
fixture('unix_seqpacket_acceptor', unix_acceptor(unix.seqpacket), unix_stream_acceptor)

-- A socket, and a name to connect it to.
local function unix_listener (kind)
  return function ()
    local acceptor = unix_acceptor(kind)().object
    return { object = kind.socket.new(), acceptor = acceptor, path = acceptor.local_path }
  end
end
fixture('unix_stream_listener', unix_listener(unix.stream), tcp_acceptor)
fixture('unix_seqpacket_listener', unix_listener(unix.seqpacket), tcp_acceptor)

local reading_end = fixture('pipe', function ()
  local object, peer = pipe.pair()
  return { object = object, peer = peer, buffer = byte_span.new(5) }
end)
reading_end.feed, reading_end.take, reading_end.close, reading_end.gone =
  tcp_pair.feed, tcp_pair.take, tcp_pair.close, tcp_pair.gone

local full_pipe = fixture('full_pipe', function ()
  local peer, object = pipe.pair()
  local c = { object = object, peer = peer, buffer = byte_span.new(65536) }
  fill(object, c.buffer)
  return c
end)
full_pipe.drain, full_pipe.close, full_pipe.gone = full_tcp_pair.drain, tcp_pair.close, tcp_pair.gone

-- A port that changes nothing, and its master.
local function pty ()
  local master, slave = serial_port.ptypair()
  local port = serial_port.new()
  port:open((tostring(slave):gsub('^/dev/fd/', '/proc/self/fd/')))
  slave:close()
  return port, master
end
local serial_line = fixture('serial_port', function ()
  local object, peer = pty()
  return { object = object, peer = peer, buffer = byte_span.new(5) }
end)
serial_line.feed, serial_line.take, serial_line.close, serial_line.gone =
  tcp_pair.feed, tcp_pair.take, tcp_pair.close, tcp_pair.gone

local full_serial_line = fixture('full_serial_port', function ()
  local object, peer = pty()
  local c = { object = object, peer = peer, buffer = byte_span.new(65536) }
  fill(object, c.buffer)
  time.sleep(0.02) -- the kernel makes room once more, when its worker has moved what was written to where it is read
  fill(object, c.buffer)
  return c
end)
full_serial_line.drain, full_serial_line.close, full_serial_line.gone = full_tcp_pair.drain, tcp_pair.close, tcp_pair.gone

-- Files that make one wait: those that are ends of pipes.
local file_pipe = fixture('file_pipe', function ()
  local object, peer = pipe.pair()
  return { object = file.stream.new(object:release()), peer = peer, buffer = byte_span.new(5) }
end)
file_pipe.feed, file_pipe.take, file_pipe.close, file_pipe.gone =
  tcp_pair.feed, tcp_pair.take, tcp_pair.close, tcp_pair.gone

local full_file_pipe = fixture('full_file_pipe', function ()
  local peer, object = pipe.pair()
  local c = { object = file.stream.new(object:release()), peer = peer, buffer = byte_span.new(65536) }
  fill(c.object, c.buffer)
  return c
end)
full_file_pipe.drain, full_file_pipe.close, full_file_pipe.gone = full_tcp_pair.drain, tcp_pair.close, tcp_pair.gone

-- Files of which nothing is open yet, and open ones.
for name, class in pairs { stream = file.stream, random_access = file.random_access } do
  fixture('closed_file_' .. name, function ()
    local c = fixtures.files.make()
    c.object = class.new()
    return c
  end)
  fixture('file_' .. name, function ()
    local c = fixtures.files.make()
    c.object, c.buffer, c.hello = class.new(), byte_span.new(5), byte_span.append('hello')
    c.object:open(c.here, { 'read_write' })
    return c
  end)
  local locked = fixture('locked_file_' .. name, function ()
    local c = fixtures.files.make()
    c.object, c.holder = class.new(), class.new()
    c.object:open(c.here, { 'read_write' })
    c.holder:open(c.here, { 'read_write' })
    c.holder:lock()
    return c
  end)
  function locked:feed () self.holder:unlock() end
  function locked:take () assert(not self.holder:try_lock()) end
  function locked:close () self.object:close() end
end

fixture('folder_descriptor', function ()
  local c = fixtures.files.make()
  local folder = file.stream.new()
  folder:open(c.folder)
  c.object, c.name = folder:release(), fs.path.new('here')
  return c
end)

local function capable_file ()
  local c = fixtures.files.make()
  c.caps = system.cap_from_text('cap_kill=p')
  fs.cap_set_file(c.here, c.caps)
  return c
end
fixture('capable_file', capable_file)
fixture('capable_descriptor', function ()
  local c = capable_file()
  c.object = fs.open(c.here, { 'read_only' })
  return c
end)

local standard_input = fixture('standard_input', function () return { object = system.in_, buffer = byte_span.new(5) } end)
function standard_input:feed () ask('input') end
function standard_input:gone () ask('end of input') end

local full_standard_error = fixture('full_standard_error', function ()
  local c = { object = system.err, buffer = byte_span.new(65536) }
  fill(c.object, c.buffer)
  return c
end)
function full_standard_error:drain () ask('read errors') end
function full_standard_error:gone () ask('close errors') end

local signal_set = fixture('signal_set', function ()
  local signal = system.signal.SIGUSR1
  return { object = system.signal.set.new(signal), signal = signal }
end)
function signal_set:feed () system.signal.raise(self.signal) end
function signal_set:close () self.object:cancel() end

local subprocess = fixture('subprocess', function ()
  return { object = system.spawn{ program = 'sleep', arguments = { 'sleep', '1000' }, signal_on_gcreaper = 9 } }
end)
function subprocess:feed () self.object:kill(9) end

local function a_sandbox () return sandbox.new{ read = { '/' } } end

fixture('sandbox', function () return { object = a_sandbox() } end)

fixture('copying_sandbox', function ()
  local box = sandbox.new{ read = { '/' }, copy_on_write = fixtures.files.make().folder }
  box:spawn{ program = 'touch', arguments = { 'touch', 'made' } }:wait()
  return { object = box }
end)

local guest = fixture('guest', function ()
  return { object = a_sandbox():spawn{ program = 'sleep', arguments = { 'sleep', '1000' } } }
end)
function guest:feed () self.object:kill(9) end

for name, fake in pairs(require('../fakes').fakes) do fixtures[name] = fake end

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Each message says what the call should have been.
local condition_variable, future, mutex = require 'condition_variable', require 'future', require 'mutex'
local filesystem, ip, stream = require 'filesystem', require 'ip', require 'stream'
local system, time, tls = require 'system', require 'time', require 'tls'
local path = filesystem.path.new

local function says (what, f)
    local ok, e = pcall(f)
    print(what, ok or (type(e) == 'table' and e.message or e:gsub('^.-%.lua:%d+: ', '')))
end

-- A colon for the dot.
says('ip.tcp:dial(ep)', function () ip.tcp:dial('127.0.0.1:80') end)
says('time:sleep(1)', function () time:sleep(1) end)
says('stream:write_all(s, x)', function () stream:write_all(system.out, 'x') end)
says('tls:dial(ep)', function () tls:dial('127.0.0.1:80') end)

-- A dot for the colon.
local lock, changed, promise, value = mutex.new(), condition_variable.new(), future.new()
says('mutex.lock()', function () lock.lock() end)
says('mutex.unlock()', function () lock.unlock() end)
says('cv.wait(m)', function () changed.wait(lock) end)
says('cv:wait()', function () changed:wait() end)
says('cv.notify_all()', function () changed.notify_all() end)
says('promise.set_value(1)', function () promise.set_value(1) end)
says('future.get()', function () value.get() end)
says('fiber.cancel()', function () spawn(function () end).cancel() end)

-- What takes no more.
says('spawn(f, x)', function () spawn(function () end, 5) end)
says('timer.new(5)', function () time.steady_timer.new(5) end)
says("socket.new('v4')", function () ip.tcp.socket.new('v4') end)
says('socket:new()', function () ip.tcp.socket:new() end)
says('address.new(text, port)', function () ip.address.new('127.0.0.1', 80) end)
says('scope()', function () scope() end)
says('fiber.name = x', function () spawn(function () end).name = 'x' end)
says('mutex.name = x', function () lock.name = 'x' end)

-- What is elsewhere.
says('time.now()', function () time.now() end)
says('ip.get_address_info()', function () ip.get_address_info('localhost', 80) end)
says("stdout = 'inherit'", function () system.spawn{ program = 'true', stdout = 'inherit' } end)
says("stdout = 'null'", function () system.spawn{ program = 'true', stdout = 'null' } end)

-- Two arguments for one.
says('dial(host, port)', function () ip.tcp.dial('127.0.0.1', 80) end)
-- What is missing is nil.
says('connect(addr)', function () ip.tcp.socket.new():connect(ip.address.new('127.0.0.1')) end)
says('write_all(out)', function () stream.write_all(system.out) end)
says('write_all()', function () stream.write_all() end)
says('spawn()', function () spawn() end)

-- Words that are misspelt.
local socket = ip.tcp.socket.new()
says('set_option', function () socket:set_option('tcp_nodelay', true) end)
says('open', function () socket:open('v5') end)
says('a list for a table', function () filesystem.copy(path 'a', path 'b', { 'recursive' }) end)

-- What is made of text.
says('a text to write', function () socket:write_some('x') end)
says('span.length', function () return byte_span.new(3).length end)
says('span:len()', function () return byte_span.new(3):len() end)
says('byte_span.sub(1, 2)', function () byte_span.new(3).sub(1, 2) end)

-- What is closed, here or by somebody else.
local acceptor = ip.tcp.listen('127.0.0.1:0')
local port = acceptor.local_port
local client = ip.tcp.dial('127.0.0.1:' .. port)
local reader = spawn(function () client:read_some(byte_span.new(8)) end)
this_fiber.yield()
client:close()
says('closed meanwhile', function () reader:join() end)
says('closed before', function () client:read_some(byte_span.new(8)) end)
says('write to what is closed', function () stream.write_all(client, 'x') end)
says('shut down', function () client:shutdown('both') end)
says('a property', function () return client.local_port end)
says('never opened', function () ip.tcp.acceptor.new():listen() end)
local file = require('file').stream.new()
says('a file', function () file:read_some(byte_span.new(1)) end)
file:open(path '/dev/null', { 'read_only' })
says('not for writing', function () file:write_some(byte_span.append('x')) end)
file:close()
file:open(path '/dev/null', { 'write_only' })
says('not for reading', function () file:read_some(byte_span.new(1)) end)
acceptor:close()
says('acceptor', function () acceptor:accept() end)
says('acceptor cancel', function () acceptor:cancel() end)
local ok, e = pcall(client.read_some, client, byte_span.new(8))
print(e:togeneric() == require('generic_error').EBADF, e.syscall)

-- Nobody has asked for the names of the filesystem but this chunk.
local unix = require 'unix'
says('UNIX', function () unix.stream.dial('/no/such/socket') end)
says('too long', function () unix.stream.dial(('x'):rep(109)) end)

-- What is no path.
says('URL', function () filesystem.file_size(path 'http://example.com/x') end)
says('URL to', function () filesystem.copy(path '/etc/passwd', path 'https://example.com/x') end)
says('home', function () filesystem.file_size(path '~/x') end)
says('absent', function () filesystem.file_size(path '/no/such/file') end)

says('sleep', function () time.sleep(-1) end)

-- Modes that are none.
says('mode(9, 0, 0)', function () filesystem.mode(9, 0, 0) end)
says('mode(7, 7, -1)', function () filesystem.mode(7, 7, -1) end)
says('chmod', function () filesystem.chmod(path '/no/such/file', 100644) end)
says('mkdir', function () filesystem.mkdir(path '/no/such/folder', 2 ^ 20) end)
says('create', function () filesystem.open(path '/no/such/file', { 'create', 'write_only' }, 40000) end)

-- What is in use, or is something else.
file:close()
file:open(path '/', { 'read_only' })
says('open twice', function () file:open(path '/', { 'read_only' }) end)
says('read a directory', function () file:read_some(byte_span.new(1)) end)
says('seek', function () file:seek(-5, 'set') end)
file:close()
socket:open('v4')
says('a socket, too', function () socket:open('v4') end)
local ended, waited = spawn(function () end), spawn(function () time.sleep(60) end)
ended:join()
says('join twice', function () ended:join() end)
says('detach what was joined', function () ended:detach() end)
local waiting = spawn(function () waited:join() end)
this_fiber.yield()
says('two that join', function () waited:join() end)
says('detach what is waited for', function () waited:detach() end)
waited:cancel()
waiting:join()
says('a pipe for a descriptor', function () system.spawn{ program = 'true', stdin = require('pipe').read_stream.new() } end)
says('a text for a path', function () system.spawn{ program = 'true', working_directory = '/x' } end)
says('a method that is a function', function () socket:write_all('x') end)

-- pair, fd passing, credentials
local unix = require 'unix'
local stream = require 'stream'
local pipe = require 'pipe'
local a, b = unix.stream.socket.pair()
local r, w = pipe.pair()
w = w:release()
local w2 = w:dup()
print(a:send_with_fds(byte_span.append('two fds'), {w, w2}))
w:close()
w2:close()
local buf = byte_span.new(64)
local n, fds = b:receive_with_fds(buf, 4)
print(buf:first(n), #fds, fds[1].type)
stream.write_all(pipe.write_stream.new(fds[1]), 'via fd 1')
fds[2]:close()
print(buf:first(r:read_some(buf)))
local cred = a:get_option('remote_credentials')
local system = require 'system'
print(cred.uid == select(2, system.getresuid()), cred.pid == system.getpid(), type(cred.groups))
stream.write_all(b, 'xyz')
print(a:io_control('bytes_readable') <= 3, a.is_open)
b:shutdown('send')
n = a:read_some(buf)
print(buf:first(n))
local ok, e = pcall(a.read_some, a, buf)
print(ok, e == require('asio_error').misc.eof)

-- modes, stale files, abstract names
local unix = require 'unix'
local fs = require 'filesystem'
local stream = require 'stream'
local ge = require 'generic_error'
local system = require 'system'
local dir = fs.temp_directory_path() / ('surface-293-' .. system.getpid())
fs.create_directory(dir)
scope_cleanup_push(function() fs.remove_all(dir) end)
local ep = tostring(dir / 'sock')
local a = unix.stream.listen(ep, fs.mode(6, 0, 0))
print(fs.is_socket(dir / 'sock'), fs.status(dir / 'sock').mode, tostring(a.local_path) == ep)
local ok, e = pcall(unix.stream.listen, ep)
print(ok, e:togeneric() == ge.EADDRINUSE)
local acc = spawn(function() return a:accept() end)
local c = unix.stream.dial(ep)
local s = acc:join()
stream.write_all(c, 'hi')
local buf = byte_span.new(8)
print(buf:first(s:read_some(buf)))
a:close()
print(fs.exists(dir / 'sock'))
local name = '@surface-293-' .. system.getpid()
local q = unix.seqpacket.listen(name)
acc = spawn(function() return q:accept() end)
c = unix.seqpacket.dial(name)
s = acc:join()
c:send(byte_span.append('abstract'))
print(buf:first(s:receive(buf)), fs.exists(fs.path.new(name)))
q = unix.seqpacket.listen(tostring(dir / 'sp'), bit.bor(fs.mode(7, 5, 5), fs.mode('set_uid')))
print(fs.status(dir / 'sp').mode)
ok, e = pcall(unix.stream.dial, tostring(dir / 'none'))
print(ok, e:togeneric() == ge.ENOENT)

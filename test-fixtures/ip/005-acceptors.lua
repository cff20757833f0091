-- SPDX-License-Identifier: MIT OR BSL-1.0
-- An acceptor's life: open, bind, listen, close, open again; and in other hands.
local ip = require 'ip'
local generic_error = require 'generic_error'
local asio_error = require 'asio_error'

local function failing(f, ...)
    local ok, e = pcall(f, ...)
    return ok and 'no error' or e
end
local function serves(a)
    local f = spawn(function () return a:accept() end)
    local c = ip.tcp.socket.new()
    c:connect(a.local_address, a.local_port)
    local s = f:join()
    return s.remote_port == c.local_port
end

local a = ip.tcp.acceptor.new()
print(a.is_open, failing(a.listen, a):togeneric() == generic_error.EBADF)
-- Bind opens what is closed, and leaves it closed where that fails.
print(failing(a.bind, a, '192.0.2.1', 0):togeneric() == generic_error.EADDRNOTAVAIL, a.is_open)
a:bind('::1', 0)
print(a.is_open, a.local_address, a.local_port > 0)
a:close()
print(failing(function () return a.local_port end):togeneric() == generic_error.EBADF)
a:open('v4')
print(a.is_open, failing(a.open, a, 'v4') == asio_error.misc.already_open)
a:set_option('reuse_address', true)
print(failing(a.bind, a, 'localhost', 0).arg, failing(a.bind, a, '127.0.0.1', 65536).arg, failing(a.open, a, 'v5').arg)
a:bind('127.0.0.1', 0)
print(failing(a.accept, a):togeneric() == generic_error.EINVAL)
a:listen()
print(serves(a), a.local_address)

local port = a.local_port
a:close()
print(a.is_open, failing(a.accept, a):togeneric() == generic_error.EBADF)
a:open(ip.address.any_v4())
a:set_option('reuse_address', true)
a:bind(ip.address.loopback_v4(), port)
a:listen(1)
print(serves(a), a.local_port == port)

local busy = ip.tcp.acceptor.new()
busy:open('v4')
print(failing(busy.bind, busy, '127.0.0.1', port):togeneric() == generic_error.EADDRINUSE)
print(failing(ip.tcp.listen, '127.0.0.1:' .. port):togeneric() == generic_error.EADDRINUSE)

local fd = a:release()
print(a.is_open, fd.type, fd:is_socket('inet'), fd:is_socket('inet6'), fd:is_socket('inet', 'stream', 'tcp'))
local b = ip.tcp.acceptor.new()
print(failing(b.assign, b, 'v6', fd).arg, failing(b.assign, b, 'v4').arg)
b:assign('v4', fd)
print(serves(b), b.local_port == port, (pcall(fd.close, fd)))

for _, opt in ipairs { 'reuse_address', 'enable_connection_aborted' } do
    b:set_option(opt, false)
    local before = b:get_option(opt)
    b:set_option(opt, true)
    print(opt, before, b:get_option(opt))
end
print(failing(b.get_option, b, 'linger').arg, failing(b.set_option, b, 'reuse_address', 1).arg)

-- A port is a number from 0 to 65535, written in digits: what the system would make another port of is refused.
local ip = require 'ip'

local function try (f, ...)
  local ok, e = pcall(f, ...)
  return ok and 'done' or tostring(e.code or e), not ok and e.arg or nil
end

for _, port in ipairs{ '65536', '71926', '4294967296', '99999999999999999999', ' 80', '+80', '-1', '80 ', '' } do
  print(('%q'):format(port), try(ip.tcp.dial, '127.0.0.1:' .. port))
end
print('lookup', try(ip.tcp.get_address_info, '127.0.0.1', '65536'))
print('lookup', try(ip.udp.get_address_info, '127.0.0.1', '-1'))
print('65535', ip.tcp.get_address_info('127.0.0.1', '65535')[1].port)
print('dial udp', try(ip.udp.dial, '127.0.0.1:65536'))
print('listen', try(ip.tcp.listen, '127.0.0.1:65536'))

-- Every address: one acceptor for both versions. An address that is taken is not replaced by another one.
local every = ip.tcp.listen(':0')
local port = every.local_port
print('every address', every.local_address, every:get_option('v6_only'))
for _, host in ipairs{ '127.0.0.1', '[::1]' } do print('dial', host, try(ip.tcp.dial, host .. ':' .. port)) end
print('again', try(ip.tcp.listen, ':' .. port) ~= 'done')

local v6 = ip.tcp.acceptor.new()
v6:open('v6')
v6:set_option('v6_only', true)
v6:bind('::', 0)
v6:listen()
print('IPv6 is taken', try(ip.tcp.listen, ':' .. v6.local_port) ~= 'done')

-- An address may be given as text.
local socket = ip.tcp.socket.new()
socket:connect('127.0.0.1', port)
print('connected', socket.remote_address, socket.remote_port == port)
local closed = ip.tcp.socket.new()
print('no address', try(closed.connect, closed, 'localhost', port))
print(closed.is_open)

-- A timeout of linger is from 0 to 65535 seconds.
print('linger', try(socket.set_option, socket, 'linger', true, -1))
print('linger', try(socket.set_option, socket, 'linger', true, 65536))
socket:set_option('linger', true, 3)
local l = socket:get_option('linger')
print('linger', l.enabled, l.timeout)

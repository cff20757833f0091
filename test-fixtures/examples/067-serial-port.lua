-- opens the slave of a pseudoterminal pair
-- needs: pty
local serial_port = require 'serial_port'
local master, slave = serial_port.ptypair()
local r, w = require('pipe').pair()
w = w:release()
require('system').spawn{program = 'tty', arguments = {'tty'}, stdin = slave, stdout = w}:wait()
w:close()
local buf = byte_span.new(100)
local name = tostring(buf:first(r:read_some(buf))):match('%S+')
local port = serial_port.new()
print(port.is_open)
port:open(name)
print(port.is_open, port:isatty())
port.baud_rate = 9600
port.character_size = 8
port.parity = nil
port.stop_bits = 'one'
port.flow_control = nil
print(port.baud_rate, port.character_size, port.parity, port.stop_bits, port.flow_control)
port:close()
print(port.is_open)

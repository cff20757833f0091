-- SPDX-License-Identifier: MIT OR BSL-1.0
-- A device is opened by its name, for raw bytes, and has settings.
-- needs: pty
local fs, serial_port, stream, system = require 'filesystem', require 'serial_port', require 'stream', require 'system'

local function code (ok, e) return ok, ok and e or (e.code or e), not ok and e.arg or nil end

local function output (program, options)
  local reader, writer = require('pipe').pair()
  options = options or {}
  options.program, options.stdout, options.environment = 'sh', writer:release(), { PATH = '/usr/bin:/bin' }
  options.arguments = { 'sh', '-c', program }
  local child = system.spawn(options)
  options.stdout:close()
  local buffer, text = byte_span.new(4096), ''
  pcall(function ()
    while true do text = text .. tostring(buffer:first(reader:read_some(buffer))) end
  end)
  child:wait()
  return (text:gsub('%s+$', ''))
end

local master, slave = serial_port.ptypair()
local name = output('tty', { stdin = slave })
local port = serial_port.new()
port:open(name)
print(port.is_open, port:isatty())
print('again', code(pcall(port.open, port, name)))

-- Raw: no echo, no lines, every byte as it is.
local all = {}
for i = 0, 255 do all[i + 1] = string.char(i) end
all = table.concat(all)
local buffer = byte_span.new(256)
stream.write_all(master, all)
stream.read_all(port, buffer)
print(tostring(buffer) == all)
stream.write_all(port, all)
stream.read_all(master, buffer)
print(tostring(buffer) == all)

local function stty (pattern) return output('stty -a', { stdin = slave }):match(pattern) end

for _, rate in ipairs{ 50, 9600, 115200, 4000000, 250000, 31250 } do
  port.baud_rate = rate

  print(port.baud_rate, master.baud_rate)
end
port.baud_rate = 38400
print(stty 'speed (%d+) baud')

for _, flow in ipairs{ 'software', 'hardware' } do
  port.flow_control = flow
  print(port.flow_control, stty '%-?ixon', stty '%-?ixoff', stty '%-?crtscts')
end
port.flow_control = nil
print(port.flow_control, stty '%-?ixon', stty '%-?ixoff', stty '%-?crtscts')

-- A pseudoterminal has neither parity nor sizes, but the flags beside them.
port.parity = 'odd'
print(port.parity, stty '%-?inpck', stty '%-?ignpar', stty '%-?parodd')
port.parity = 'even'
print(port.parity, stty '%-?inpck', stty '%-?ignpar', stty '%-?parodd')
port.parity = nil
print(port.parity, stty '%-?ignpar')
port.stop_bits = 'two'
print(port.stop_bits, stty '%-?cstopb')
port.stop_bits = 'one'
print(port.stop_bits, stty '%-?cstopb')
port.character_size = 8
print(port.character_size)

print(select(2, pcall(function () port.character_size = 9 end)))
local function set (name, value) return code(pcall(function () port[name] = value end)) end
print('one_point_five', set('stop_bits', 'one_point_five'))
print('stop_bits', set('stop_bits', 'three'))
print('stop_bits', set('stop_bits', nil))
print('parity', set('parity', 'none'))
print('flow_control', set('flow_control', 7))
print('character_size', set('character_size', 7))
print('character_size', set('character_size', 9))
print('character_size', set('character_size', 4))
print('baud_rate', set('baud_rate', -1))
print('is_open', set('is_open', true))
port:send_break()

-- The kernel tells whoever is in the foreground that the window changed.
port.window_size = { rows = 40, columns = 100 }
print(master.window_size.rows, master.window_size.columns, output('stty size', { stdin = slave }))
print('window_size', set('window_size', { rows = 1 }))
print('window_size', set('window_size', { rows = 1, columns = 65536 }))

port:close()
for _, name in ipairs{ 'baud_rate', 'flow_control', 'parity', 'stop_bits', 'character_size', 'window_size' } do
  print(name, code(pcall(function () return port[name] end)))
end
print('set', set('parity', 'odd'))
print('nowhere', code(pcall(port.open, port, '/nowhere')))
print('no terminal', code(pcall(port.open, port, '/dev/null')))
print('NUL', code(pcall(port.open, port, name .. '\0')))
print(port.is_open)

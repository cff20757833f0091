-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Both ends of a pseudoterminal: what is typed arrives by lines and is echoed, and what hangs up is the end.
-- needs: pty
local asio_error, generic_error = require 'asio_error', require 'generic_error'
local serial_port, stream = require 'serial_port', require 'stream'

local buffer = byte_span.new(64)
local function read (port) return (tostring(buffer:first(port:read_some(buffer))):gsub('\r', '<cr>')) end
local function code (ok, e) return ok, ok and e or (e.code or e), not ok and e.arg or nil end

local master, slave = serial_port.ptypair()
print(master.is_open, master:isatty(), slave.type, slave.non_blocking)
local terminal = serial_port.new(slave)
print(pcall(function () return slave.type end))
print(terminal.is_open, terminal:isatty())

-- A terminal edits lines, and gives one for a read however many there are.
stream.write_all(master, 'onf\127e\ntwo\n')
local typed = { read(terminal), read(terminal) }
for _, line in ipairs(typed) do print((line:gsub('\n', '<nl>'))) end
local echo = byte_span.new(14)
stream.read_all(master, echo)
print((tostring(echo):gsub('\r', '<cr>'):gsub('\n', '<nl>'):gsub('\b', '<bs>')))
stream.write_all(terminal, 'answer\n')
print((read(master):gsub('\n', '<nl>')))

-- Records of a scanner.
stream.write_all(terminal, 'a b\nc d\n')
local records = stream.scanner.new{ stream = master, record_separator = '\r\n' }
print(tostring(records:get_line()), tostring(records:get_line()))

-- Without the terminal's program there is the end; a line without an end is one too.
stream.write_all(terminal, 'no end')
terminal:close()
terminal:close()
print(tostring(records:get_line()))
local ok, e = pcall(records.get_line, records)
print(ok, e == asio_error.misc.eof)

-- Nor is there a terminal without its master.
local master, slave = serial_port.ptypair()
local terminal = serial_port.new(slave)
local reading = spawn(function () return pcall(terminal.read_some, terminal, buffer) end)
this_fiber.yield()
master:close()
ok, e = reading:join()
print(ok, e == asio_error.misc.eof)
ok, e = pcall(terminal.write_some, terminal, buffer)
print(ok, e:togeneric() == generic_error.EIO, e.syscall)
print(code(pcall(master.read_some, master, buffer)))

-- Only terminals, once, and nothing of closed ones.
local reader = require('pipe').pair():release()
print(code(pcall(serial_port.new, reader)))
print(reader.type)
local master, slave = serial_port.ptypair()
print(code(pcall(master.assign, master, slave)))
print(slave.type)
local closed = serial_port.new()
print(closed.is_open)
for _, name in ipairs{ 'cancel', 'release', 'send_break', 'isatty', 'tcgetpgrp' } do
  print(name, select(2, code(pcall(closed[name], closed))))
end
print(select(2, code(pcall(closed.tcsetpgrp, closed, 1))))

-- A master is a descriptor too.
local copy = serial_port.new(master:release())
local terminal = serial_port.new(slave)
print(master.is_open, copy:isatty())
stream.write_all(copy, 'through\n')
print((read(terminal):gsub('\n', '<nl>')))

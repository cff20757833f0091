-- pty pair, controlling terminal of a child
-- needs: pty
local serial_port = require 'serial_port'
local system = require 'system'
local fs = require 'filesystem'
local master, slave = serial_port.ptypair()
print(master:isatty(), master.is_open, slave.type)
local p = system.spawn{program = fs.path.new('/bin/sh'), stdin = slave, stdout = slave, stderr = slave,
    arguments = {'sh', '-c', 'test -t 0 && : </dev/tty && echo on a tty'},
    start_new_session = true, set_ctty = slave}
local buf = byte_span.new(100)
local n = require('stream').read_at_least(master, buf, 9)
print((tostring(buf:first(n)):gsub('%s+$', '|')))
p:wait()
print(p.exit_code)

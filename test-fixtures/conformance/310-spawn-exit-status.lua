-- wait, exit_code, exit_signal, pid, kill
local system = require 'system'
local fs = require 'filesystem'
local p = system.spawn{program = 'sh', arguments = {'sh', '-c', 'exit 7'}}
print(type(p.pid), (pcall(function() return p.exit_code end)))
p:wait()
print(p.exit_code, p.exit_signal, p.pid)
p = system.spawn{program = fs.path.new('/bin/sh'), arguments = {'sh', '-c', 'kill -TERM $$'}}
p:wait()
print(p.exit_code, p.exit_signal == system.signal.SIGTERM)
p = system.spawn{program = 'sleep', arguments = {'sleep', '30'}, environment = {PATH = '/usr/bin:/bin'}}
p:kill(0)
p:kill(system.signal.SIGKILL)
p:wait()
print(p.exit_code, p.exit_signal)
local fd = fs.open(fs.canonical(fs.path.new('/bin/true')), {'read_only'}, 0)
p = system.spawn{program = fd, arguments = {'true'}}
p:wait()
print(p.exit_code)

-- illegal parameter combinations raise
local system = require 'system'
local serial_port = require 'serial_port'
-- needs: pty
local master, slave = serial_port.ptypair()
local function try(what, opts)
    opts.program, opts.arguments = 'true', {'true'}
    print(what, (pcall(system.spawn, opts)))
end
try('set_ctty alone', {set_ctty = slave})
try('set_ctty and foreground', {start_new_session = true, set_ctty = slave, process_group = 0, foreground = slave})
try('foreground alone', {foreground = slave})
try('reset_on_fork alone', {scheduler = {reset_on_fork = true}})
try('fifo without priority', {scheduler = {policy = 'fifo'}})
try('unknown policy', {scheduler = {policy = 'no such policy'}})
try('two pids', {environment = {A = '\0pid', B = '\0pid'}})
try('bad program', {stdin = 'no such mode'})
print('bad program type', (pcall(system.spawn, {program = 42})))
local p = system.spawn{program = 'true', arguments = {'true'}, scheduler = {policy = 'batch', reset_on_fork = true}}
p:wait()
print(p.exit_code)

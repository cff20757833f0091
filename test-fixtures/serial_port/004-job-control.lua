-- SPDX-License-Identifier: MIT OR BSL-1.0
-- A shell under a terminal of its own: its session, its jobs, what keys send them. Then this program is the shell.
-- needs: pty
local serial_port, stream, system = require 'serial_port', require 'stream', require 'system'

if system.arguments[3] == 'shell' then
  -- Taking the terminal back is what a process in the background is stopped for.
  system.signal.ignore(system.signal.SIGTTOU)
  local group = system.getpid()
  print('shell on a terminal', system.in_:isatty(), system.out:isatty(), system.err:isatty())
  print('in the foreground', system.in_:tcgetpgrp() == group, system.out:tcgetpgrp() == group, system.err:tcgetpgrp() == group)
  local job = system.spawn{
    program = 'sh', arguments = { 'sh', '-c', 'read line; echo "job read $line"' }, process_group = 0, foreground = 'stdin',
    stdin = 'share', stdout = 'share', stderr = 'share'
  }
  print('job', system.in_:tcgetpgrp() == job.pid)
  job:wait()
  system.out:tcsetpgrp(group)
  print('again', system.err:tcgetpgrp() == group)
  local ok, e = pcall(system.in_.tcsetpgrp, system.in_, -1)
  print(ok, e.arg, e.syscall)

  -- A descriptor says which terminal as well.
  local copy = system.in_:dup()
  job = system.spawn{ program = 'sleep', arguments = { 'sleep', '1000' }, process_group = 0, foreground = copy, stdin = 'share' }
  print('job', system.in_:tcgetpgrp() == job.pid)
  job:wait()
  print('signal', job.exit_signal == system.signal.SIGINT)
  system.in_:tcsetpgrp(group)

  -- A standard stream is connected to something else, and back.
  local saved, reader, writer = system.out:dup(), require('pipe').pair()
  writer = writer:release()
  system.out:dup_from(writer)
  print 'through a pipe'
  print(system.out:isatty())
  system.out:dup_from(saved)
  writer:close()
  local buffer = byte_span.new(64)
  print('from the pipe', (tostring(buffer:first(stream.read_at_least(reader, buffer, 21))):gsub('\n', '|')))
  print(system.out:isatty())
  print 'end'
  return
end

local buffer = byte_span.new(4096)

-- Reads on until there is something that looks so, and gives what the pattern captures.
local function expect (terminal, pattern)
  while true do
    local found = terminal.seen:match(pattern)
    if found then
      terminal.seen = terminal.seen:sub(select(2, terminal.seen:find(pattern)) + 1)
      return found
    end
    terminal.seen = terminal.seen .. tostring(buffer:first(terminal.port:read_some(buffer)))
  end
end
local function type_in (terminal, keys) stream.write_all(terminal.port, keys) end

local function under_a_terminal (program, arguments)
  local master, slave = serial_port.ptypair()
  local child = system.spawn{
    program = program, arguments = arguments, environment = { PATH = '/usr/bin:/bin', PS1 = '' },
    stdin = slave, stdout = slave, stderr = slave, start_new_session = true, set_ctty = slave
  }
  slave:close()
  return { port = master, seen = '' }, child
end

local terminal, shell = under_a_terminal('sh', { 'sh', '-i' })
type_in(terminal, 'stty -echo; set -m; echo up and running\n')
expect(terminal, '\r\nup and running\r\n')
print('the shell is in the foreground', terminal.port:tcgetpgrp() == shell.pid)
type_in(terminal, 'sh -c \'echo job $$; exec cat\'\n')
local job = tonumber(expect(terminal, 'job (%d+)\r\n'))
print('its job is', job ~= shell.pid, terminal.port:tcgetpgrp() == job)
type_in(terminal, 'hello\n')
print(expect(terminal, '(hello)\r\n'))
type_in(terminal, '\26')
print(expect(terminal, '(%[1%])')) -- before, what is typed could still be the job's
type_in(terminal, 'echo still $((1 + 1)) alive\n')
expect(terminal, 'still 2 alive')
print('suspended', terminal.port:tcgetpgrp() == shell.pid)
type_in(terminal, 'fg\n')
type_in(terminal, 'once more\n')
print(expect(terminal, '(once more)\r\n'), terminal.port:tcgetpgrp() == job)
terminal.port.window_size = { rows = 30, columns = 90 }
type_in(terminal, '\3')
expect(terminal, '\r\n')
type_in(terminal, 'echo status $?\n')
print(expect(terminal, 'status (%d+)'))
type_in(terminal, 'stty size\n')
print(expect(terminal, '(%d+ %d+)\r\n'))
-- A size that changes is a signal for those in the foreground.
type_in(terminal, 'sh -c \'trap "stty size; exit" WINCH; echo ready; while :; do sleep 0.01; done\'\n')
expect(terminal, 'ready\r\n')
terminal.port.window_size = { rows = 31, columns = 91 }
print(expect(terminal, '(31 91)\r\n'))
local ok, e = pcall(terminal.port.tcsetpgrp, terminal.port, shell.pid)
print(ok, e:togeneric() == require('generic_error').ENOTTY)
type_in(terminal, 'exit 7\n')
shell:wait()
print(shell.exit_code)

-- The end of its terminal is a signal for the shell.
local terminal, shell = under_a_terminal('sh', { 'sh', '-c', 'trap "exit 9" HUP; echo ready; while :; do sleep 0.01; done' })
expect(terminal, 'ready')
terminal.port:close()
shell:wait()
print('hung up', shell.exit_code)

local terminal, shell = under_a_terminal('/proc/self/exe', { system.arguments[1], system.arguments[2], '--', 'shell' })
expect(terminal, 'job\ttrue\r\n')
type_in(terminal, 'a line\n')
local all = expect(terminal, '(.*)job\ttrue\r\n')
print((all:gsub('\r\n', '\n')))
type_in(terminal, '\3')
print((expect(terminal, '(.*)end\r\n'):gsub('\r\n', '\n')))
shell:wait()
print(shell.exit_code)

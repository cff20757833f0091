-- SPDX-License-Identifier: MIT OR BSL-1.0
-- A peer that nobody here wrote, of the three kinds.
-- needs: socat
local fs, ge, pipe, stream = require 'filesystem', require 'generic_error', require 'pipe', require 'stream'
local system, time, unix = require 'system', require 'time', require 'unix'

local folder = fs.temp_directory_path() / ('emilua-socat-' .. system.getpid())
fs.create_directory(folder)
scope_cleanup_push(function () fs.remove_all(folder) end)

local function socat (...)
  local stdin_end, stdin = pipe.pair()
  local stdout, stdout_end = pipe.pair()
  local r, w = stdin_end:release(), stdout_end:release()
  local child = system.spawn{
    program = 'socat', arguments = { 'socat', ... }, environment = { PATH = '/usr/bin:/bin' }, stdin = r, stdout = w,
    signal_on_gcreaper = system.signal.SIGKILL
  }
  r:close()
  w:close()
  return { child = child, stdin = stdin, stdout = stdout }
end
-- There is a file before anybody listens.
local function dial (path)
  while true do
    local ok, dialed = pcall(unix.stream.dial, path)
    if ok then return dialed end
    local why = dialed:togeneric()
    if why ~= ge.ENOENT and why ~= ge.ECONNREFUSED then error(dialed) end
    time.sleep(0.005)
  end
end
local buffer = byte_span.new(64)
local function rest (reader)
  local all = ''
  pcall(function () while true do all = all .. tostring(buffer:first(reader:read_some(buffer))) end end)
  return all
end

local acceptor = unix.stream.listen(folder / 'a')
local client = socat('-', 'UNIX-CONNECT:' .. tostring(folder / 'a'))
local server = acceptor:accept()
stream.write_all(client.stdin, 'a stream')
client.stdin:close()
stream.write_all(server, rest(server) .. ' and back')
server:shutdown('send')
print(rest(client.stdout))
client.child:wait()

local acceptor = unix.seqpacket.listen(folder / 'b')
local client = socat('-', 'UNIX-CONNECT:' .. tostring(folder / 'b') .. ',type=5')
local server = acceptor:accept()
stream.write_all(client.stdin, 'a message')
print(tostring(buffer:first(server:receive(buffer))))
server:send('and ')
server:send('answers')
server:shutdown('send')
print(rest(client.stdout))
client.stdin:close()

local receiver = unix.datagram.socket.new()
receiver:bind(folder / 'c')
local client = socat('-', ('UNIX-SENDTO:%s,bind=%s'):format(folder / 'c', folder / 'client'))
stream.write_all(client.stdin, 'a datagram')
local size, path = receiver:receive_from(buffer)
print(tostring(buffer:first(size)), path == folder / 'client')
receiver:send_to('an answer', path)
print(tostring(buffer:first(client.stdout:read_some(buffer))))
client.child:kill(system.signal.SIGTERM)
client.child:wait()

local server = socat('UNIX-LISTEN:' .. tostring(folder / 'd'), 'EXEC:cat')
local dialed = dial(folder / 'd')
stream.write_all(dialed, 'echo')
stream.read_all(dialed, buffer:first(4))
print(tostring(buffer:first(4)))
dialed:close()
server.child:wait()
print(server.child.exit_code)

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- A connection goes to another actor in the middle, and a context goes to many.
local inbox, stream = require 'inbox', require 'stream'
local fs, ip, system, tls = require 'filesystem', require 'ip', require 'system', require 'tls'

if _CONTEXT == 'worker' then
  local message = inbox:receive()
  local socket = message.socket
  local buffer = byte_span.new(5)
  stream.read_all(socket, buffer)
  stream.write_all(socket, 'got ' .. tostring(buffer) .. ' ' .. socket.protocol)
  print(pcall(message.context.set_verify_mode, message.context, 'peer'))
  socket:close()
  message.done:send('done')
  return
end

local folder = fs.path.new((system.arguments[2]:gsub('tls/[^/]*$', 'conformance')))
local context = tls.context.new('tls')
context:use_certificate_chain_file(folder / 'm_cert.pem')
context:use_private_key_file(folder / 'm_key.pem', 'pem')
local acceptor = ip.tcp.listen('127.0.0.1:0')
local client = tls.socket.new(ip.tcp.dial('127.0.0.1:' .. acceptor.local_port), context)
local server = tls.socket.new(acceptor:accept(), context)
local shaking = spawn(function () server:server_handshake() end)
client:client_handshake()
shaking:join()

local worker = spawn_vm('.')
-- Not while it is in use.
local reading = spawn(function () server:read_some(byte_span.new(1)) end)
this_fiber.yield()
print(pcall(worker.send, worker, { socket = server }))
reading:cancel()
reading:join()

-- What is on its way already goes along.
stream.write_all(client, 'hello')
worker:send{ socket = server, context = context, done = inbox }
print(pcall(function () server:read_some(byte_span.new(1)) end))
local buffer = byte_span.new(64)
local n = stream.read_at_least(client, buffer, 17)
print(buffer:sub(1, n))
print(pcall(client.read_some, client, buffer))
print(inbox:receive())
print(pcall(context.set_verify_mode, context, 'peer'))
local other = tls.socket.new(ip.tcp.dial('127.0.0.1:' .. acceptor.local_port), context)
print(other.is_open)

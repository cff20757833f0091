-- SPDX-License-Identifier: MIT OR BSL-1.0
local fs, ip, stream, system, tls = require 'filesystem', require 'ip', require 'stream', require 'system', require 'tls'

local folder = fs.path.new((system.arguments[2]:gsub('tls/[^/]*$', 'conformance')))
local server = tls.context.new('tls_server')
server:use_certificate_chain_file(folder / 'm_cert.pem')
server:use_private_key_file(folder / 'm_key.pem', 'pem')

-- A client and a server of TLS; what the client's handshake gives.
local function meet (context, host, mode)
  local acceptor = ip.tcp.listen('127.0.0.1:0')
  local client = tls.socket.new(ip.tcp.dial('127.0.0.1:' .. acceptor.local_port), context)
  local other = tls.socket.new(acceptor:accept(), server)
  local serving = spawn(function () return pcall(function () other:server_handshake() end) end)
  if mode then client:set_verify_mode(mode) end
  if host then client:set_verify_callback('host_name_verification', host) end
  local ok, e = pcall(function () client:client_handshake() end)
  if not ok then client:close() end
  serving:join()
  return client, other, ok, e
end

local trusting = tls.context.new('tls_client')
trusting:load_verify_file(folder / 'm_cert.pem')

-- What is refused, by which check, for which name.
local _, _, ok, e = meet(trusting, 'other.example', 'peer')
print(ok, e)
print(tostring(e.category), e.category == select(4, meet(nil, nil, 'peer')).category)
print(select(4, meet(nil, 'localhost', 'peer')))
print(select(4, meet(nil, nil, 'peer')))

-- The end that was announced, and one that was not.
local client, other = meet(trusting, 'localhost', 'peer')
stream.write_all(client, 'x')
client:close()
local buffer = byte_span.new(9)
print(other:read_some(buffer), pcall(other.read_some, other, buffer))
print(pcall(client.read_some, client, buffer))

-- Both directions end for themselves.
client, other = meet(trusting)
client:shutdown('send')
print(pcall(other.read_some, other, buffer))
stream.write_all(other, 'still')
print(client:read_some(buffer))
ok, e = pcall(client.write_some, client, buffer)
print(ok, (tostring(e):gsub(':%d+$', ':PORT')))

-- A peer that does not speak TLS.
local acceptor = ip.tcp.listen('127.0.0.1:0')
local plain = ip.tcp.dial('127.0.0.1:' .. acceptor.local_port)
local secure = tls.socket.new(acceptor:accept(), server)
stream.write_all(plain, 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
print(pcall(secure.server_handshake, secure))
plain = ip.tcp.dial('127.0.0.1:' .. acceptor.local_port)
secure = tls.socket.new(plain, trusting)
stream.write_all(acceptor:accept(), 'HTTP/1.1 400 Bad Request\r\n\r\n')
print(pcall(secure.client_handshake, secure))

-- Files and names that are no good.
local function refused (f, ...)
  local _, e = pcall(f, ...)
  print((tostring(e):gsub("'[^']*/", "'FOLDER/")))
end
local context = tls.context.new('tls')
refused(context.load_verify_file, context, fs.path.new('/nowhere'))
refused(context.load_verify_file, context, fs.path.new('/dev/null'))
refused(context.use_certificate_chain_file, context, folder / 'm_key.pem')
refused(context.use_certificate, context, byte_span.append('nonsense'), 'pem')
refused(context.use_rsa_private_key_file, context, folder / 'm_key.pem', 'asn1')
refused(context.set_verify_callback, context, 'another', 'localhost')
refused(context.set_alpn_protocols, context, { '' })
refused(tls.context.new, 'ssl2')
refused(tls.dial, 'localhost:1', 5)
refused(tls.socket.new, ip.tcp.socket.new())

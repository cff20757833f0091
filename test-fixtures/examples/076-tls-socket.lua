-- http is a separate plugin nowadays; a local TLS server answers
local tls = require 'tls'
local ip = require 'ip'
local stream = require 'stream'
local dir = require('filesystem').path.new(require('system').arguments[2]).parent_path
local ctx = tls.context.new('tls_server')
ctx:use_certificate_chain_file(dir / 'ex_cert.pem')
ctx:use_private_key_file(dir / 'ex_key.pem', 'pem')
local acceptor = ip.tcp.listen('127.0.0.1:0')
local server = spawn(function()
    local s = tls.socket.new(acceptor:accept(), ctx)
    s:server_handshake()
    local line = stream.scanner.new{stream = s, record_separator = '\r\n'}:get_line()
    stream.write_all(s, 'you said: ' .. tostring(line) .. '\r\n')
    return s
end)
-- a context that does not verify the peer
local client_ctx = tls.context.new('tls_client')
client_ctx:set_verify_mode('none')
local s = tls.socket.new(ip.tcp.dial('127.0.0.1:' .. acceptor.local_port), client_ctx)
s:client_handshake()
stream.write_all(s, 'GET / HTTP/1.1\r\n')
print(stream.scanner.new{stream = s, record_separator = '\r\n'}:get_line())
local keep = server:join()

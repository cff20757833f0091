-- dial with a context, files, host name checks
local ip = require 'ip'
local tls = require 'tls'
local fs = require 'filesystem'
local stream = require 'stream'
local dir = fs.path.new(require('system').arguments[2]).parent_path
local sctx = tls.context.new('tls_server')
sctx:use_certificate_chain_file(dir / 'm_cert.pem')
sctx:use_private_key_file(dir / 'm_key.pem', 'pem')
local a = ip.tcp.listen('127.0.0.1:0')
local function serve()
    return spawn(function()
        local s = tls.socket.new(a:accept(), sctx)
        s:server_handshake()
        stream.write_all(s, 'welcome')
        return s
    end)
end
local cctx = tls.context.new('tls_client')
cctx:load_verify_file(dir / 'm_cert.pem')
local server = serve()
local c = tls.dial('localhost:' .. a.local_port, cctx)
local buf = byte_span.new(7)
stream.read_all(c, buf)
print(buf)
local keep = server:join()
server = serve()
-- the default per-VM context does not trust this certificate
print((pcall(tls.dial, 'localhost:' .. a.local_port)))
server:cancel()
pcall(function() server:join() end)

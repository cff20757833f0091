-- A connection that is reset names its peer, in the handshake and afterwards.
local fs, ip, stream, system, tls = require 'filesystem', require 'ip', require 'stream', require 'system', require 'tls'

local folder = fs.path.new((system.arguments[2]:gsub('tls/[^/]*$', 'conformance')))
local context = tls.context.new('tls')
context:use_certificate_chain_file(folder / 'm_cert.pem')
context:use_private_key_file(folder / 'm_key.pem', 'pem')
local acceptor = ip.tcp.listen('127.0.0.1:0')
local to = '127.0.0.1:' .. acceptor.local_port

local function shown (f, ...)
  local ok, e = pcall(f, ...)
  return (tostring(e):gsub(to, 'ITS-PEER', 1):gsub(':%d%d%d%d+', ':PORT'))
end

local function reset (socket)
  socket:set_option('linger', true, 0)
  socket:close()
end

-- By who never shook hands.
local client = tls.socket.new(ip.tcp.dial(to), context)
local peer = acceptor:accept()
local shaking = spawn(function () print(shown(client.client_handshake, client)) end)
stream.read_at_least(peer, byte_span.new(4096), 1)
reset(peer)
shaking:join()
print(shown(client.read_some, client, byte_span.new(1)))

-- In the middle, by who passes on what both say.
local function carry (from, into)
  return spawn(function ()
    pcall(function ()
      local buffer = byte_span.new(4096)
      while true do stream.write_all(into, buffer:first(from:read_some(buffer))) end
    end)
  end)
end
local server_end, behind = ip.tcp.acceptor.new(), nil
server_end:open('v4')
server_end:bind('127.0.0.1', 0)
server_end:listen()
client = tls.socket.new(ip.tcp.dial(to), context)
local front = acceptor:accept()
behind = ip.tcp.dial('127.0.0.1:' .. server_end.local_port)
local server = tls.socket.new(server_end:accept(), context)
local carrying = { carry(front, behind), carry(behind, front) }
shaking = spawn(function () server:server_handshake() end)
client:client_handshake()
shaking:join()
local reading = spawn(function () print(shown(client.read_some, client, byte_span.new(1))) end)
local serving = spawn(function () print(shown(server.read_some, server, byte_span.new(1))) end)
this_fiber.yield()
for _, fiber in ipairs(carrying) do fiber:cancel() fiber:join() end
reset(front)
reading:join()
print(shown(client.write_some, client, byte_span.append('x')))
reset(behind)
serving:join()

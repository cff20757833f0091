-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Attempts of one socket on several threads: both ends write and read at once, with cancellations in between.
local stream = require 'stream'
local fs, ip, system, tls = require 'filesystem', require 'ip', require 'system', require 'tls'

spawn_context_threads(3)
local folder = fs.path.new((system.arguments[2]:gsub('tls/[^/]*$', 'conformance')))
local context = tls.context.new('tls')
context:use_certificate_chain_file(folder / 'm_cert.pem')
context:use_private_key_file(folder / 'm_key.pem', 'pem')
local acceptor = ip.tcp.listen('127.0.0.1:0')

local size, step = 400000, 50000
local function pattern (first)
  local bytes = byte_span.new(size)
  for i = 1, size do bytes[i] = (first + i * 7 + math.floor(i / 256)) % 256 end
  return bytes
end
local sent = { client = pattern(1), server = pattern(2) }

local function write (socket, bytes)
  local at, n = 1, 0
  while at <= size do
    local taken = 0
    n = n + 1
    local writer = spawn(function () taken = socket:write_some(bytes:sub(at, math.min(size, at + step - 1))) end)
    for _ = 1, n % 4 do this_fiber.yield() end
    if n % 4 ~= 3 then writer:cancel() end
    writer:join()
    at = at + taken
  end
end

local function read (socket, expected)
  local got, at = byte_span.new(size), 1
  while at <= size do
    local taken = 0
    local reader = spawn(function () taken = socket:read_some(got:sub(at)) end)
    if at % 2 == 0 then reader:cancel() end
    reader:join()
    at = at + taken
    if taken == 0 and at <= size then at = at + socket:read_some(got:sub(at)) end
  end
  return tostring(got) == tostring(expected)
end

local function talk (socket, own, others)
  local writing = spawn(function () write(socket, own) end)
  local good = read(socket, others)
  writing:join()
  return good
end

local good = 0
local fibers = {}
for _ = 1, 4 do
  local client = tls.socket.new(ip.tcp.dial('127.0.0.1:' .. acceptor.local_port), context)
  local server = tls.socket.new(acceptor:accept(), context)
  fibers[#fibers + 1] = spawn(function ()
    client:client_handshake()
    if talk(client, sent.client, sent.server) then good = good + 1 end
  end)
  fibers[#fibers + 1] = spawn(function ()
    server:server_handshake()
    if talk(server, sent.server, sent.client) then good = good + 1 end
  end)
end
for _, fiber in ipairs(fibers) do fiber:join() end
print(good)

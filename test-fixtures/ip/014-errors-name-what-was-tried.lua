-- Of an address that is taken, a host and a service that nobody knows.
local ip = require 'ip'

local function says (f, ...)
  local ok, e = pcall(f, ...)
  return e
end

local acceptor = ip.tcp.listen('127.0.0.1:0')
local port = acceptor.local_port
local taken = says(ip.tcp.listen, '127.0.0.1:' .. port)
print(tostring(taken) == 'bind EADDRINUSE 127.0.0.1:' .. port, taken.address, taken.port == port)

for _, f in ipairs{
  function () ip.tcp.dial('nothing.invalid:80') end,
  function () ip.udp.get_address_info('nothing.invalid', '80') end
} do
  local unknown = says(f)
  -- Without a name server nobody can tell.
  print((tostring(unknown):gsub('_TRY_AGAIN', '')), unknown.hostname, unknown.port)
end

for _, f in ipairs{
  function () ip.tcp.dial('localhost:no-such-service') end,
  function () ip.tcp.get_address_info('::1', 'no-such-service') end
} do
  local unknown = says(f)
  print(unknown, unknown.hostname, unknown.address, unknown.service, unknown.port)
end

-- A program that may connect to one port: what it reaches, what is refused, and what would allow it.
-- foundations
local sandbox, ip, stream = require 'sandbox', require 'ip', require 'stream'

local acceptor = ip.tcp.listen('127.0.0.1:0')
local server = spawn(function ()
  while true do
    local socket = acceptor:accept()
    stream.write_all(socket, 'hello')
    socket:close()
  end
end)
local port = acceptor.local_port

local script = [[
  use Socket;
  for (@ARGV) {
    my ($host, $port) = split ':';
    socket(my $s, PF_INET, SOCK_STREAM, 0) or die;
    print connect($s, sockaddr_in($port, inet_aton($host))) ? <$s> : $!, "\n";
  }
]]
local foundations = { select(3, unpack(require('system').arguments)) }
for _, foundation in ipairs(foundations) do
  print('== ' .. foundation)
  local box = sandbox.new{ read = sandbox.system_paths(), foundation = foundation, network = { allow = { '127.0.0.1:' .. port } } }
  local result = box:run{ program = 'perl', arguments = { 'perl', '-e', script, '127.0.0.1:' .. port, '192.0.2.1:80', '192.0.2.1:80' } }
  print(result.foundation, result.exit_code)
  print(result.stdout .. result.stderr)
  for _, r in ipairs(result.refused) do print(r.operation, r.target, r.field, r.value, r.count) end
end
print '== all'
server:cancel()
pcall(function () server:join() end)

local ok, e = pcall(sandbox.new, { network = { allow = { 'example.org' } } })
print(ok, e)

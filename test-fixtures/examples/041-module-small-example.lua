-- http is a separate plugin nowadays; plain TCP lines instead
local server = require('./ex_server')

local hostname = '127.0.0.1'

local s = server.new(function(sock, req)
  return 'Hello ' .. req
end)

local port = s:listen(hostname, 0)

local stream = require('stream')
local sock = require('ip').tcp.dial(hostname .. ':' .. port)
stream.write_all(sock, 'World\n')
local reply = stream.scanner.new{ stream = sock }
print(reply:get_line())
require('system').exit()

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Prints those lines of NAMES ("object name") that are there; OBJECTS has a line "object expression" for each object.

local system, ip = require 'system', require 'ip'

-- Objects whose properties can all be read.
acceptor = ip.tcp.listen('127.0.0.1:0')
socket = ip.tcp.dial('127.0.0.1:' .. acceptor.local_port)
tls_socket = require('tls').socket.new(ip.tcp.dial('127.0.0.1:' .. acceptor.local_port))
fiber = spawn(function () end)
fiber:join()
promise, future = require('future').new()
local _
_, a_failure = pcall(byte_span.new, -1)

local objects = {}
for id, expression in system.environment.OBJECTS:gmatch('(%d+) ([^\n]+)') do
  local ok, object = pcall(setfenv(loadstring('return ' .. expression), getfenv()))
  if ok then objects[id] = object end
end

for id, name in system.environment.NAMES:gmatch('(%d+) ([^\n]+)') do
  local ok, value = pcall(function () return objects[id][name] end)
  if ok and value ~= nil then print(id .. ' ' .. name) end
end
system.exit(0)

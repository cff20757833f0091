-- SPDX-License-Identifier: MIT OR BSL-1.0
-- One send is one receive; what a message without bytes means; what does not fit.
local eof = require('asio_error').misc.eof
local unix = require 'unix'

local function text (...) return byte_span.append(...) end
local buffer = byte_span.new(16)
local function try (f, ...)
  local ok, e = pcall(f, ...)
  return ok and e or e == eof and 'eof' or e.message
end

local a, b = unix.seqpacket.socket.pair()
a:send(text('one'))
a:send('two') -- text will do
local function received (...) return tostring(buffer:first(b:receive(buffer, ...))) end
print(received { 'peek' }, received(), received())
a:send('longer than four')
a:send('next')
local four = byte_span.new(4)
print(b:receive(four), four, buffer:first(b:receive(buffer)))
a:send('cut to nothing')
print(b:receive(byte_span.new(0)))
a:send('')
print(try(b.receive, b, buffer))
a:send('last')
a:close()
print(try(b.receive, b, buffer), try(b.receive, b, buffer), try(b.send, b, 'x'))

-- A datagram without bytes is one.
local c, d = unix.datagram.socket.pair()
c:send('')
c:send('after it')
print(d:receive(buffer), buffer:first(d:receive(buffer)))
c:send('')
print(d:receive_from(buffer))
local ok, e = pcall(c.send, c, byte_span.new(1048576))
print(ok, e:togeneric() == require('generic_error').EMSGSIZE)

-- Streams have no messages.
local s, t = unix.stream.socket.pair()
s:write_some(text('one'))
s:write_some(text('two'))
print(buffer:first(t:read_some(buffer)), t:io_control('bytes_readable'), t:read_some(byte_span.new(0)))
s:shutdown('send')
print(try(t.read_some, t, buffer), try(t.receive_with_fds, t, buffer, 1), t:write_some(text('back')), s:read_some(buffer))

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Each error says which argument it is, what it has to be, and what was given.
local inbox = require 'inbox'
if _CONTEXT ~= 'main' then return inbox:receive() end
local fs, ip, regex, time = require 'filesystem', require 'ip', require 'regex', require 'time'

local function says (what, f)
  local ok, e = pcall(f)
  print(what, tostring(e), e.code, e.arg, e.value)
end

local path, now, span = fs.path.new('a'), time.steady_clock.now(), byte_span.append('a')
says("path / 5", function () return path / 5 end)
says("5 / path", function () return 5 / path end)
says("path .. {}", function () return path .. {} end)
says("now - 'x'", function () return now - 'x' end)
says("now + {}", function () return now + {} end)
says("now + nan", function () return now + 0 / 0 end)
says("now - nan", function () return now - 0 / 0 end)
says("file_time + nan", function () return fs.clock.now() + 0 / 0 end)
says("'a' .. span", function () return 'a' .. span end)
says("span .. span", function () return span .. span end)
print(span == 'a', span == byte_span.append('a'))

says("byte_span.new('5')", function () byte_span.new('5') end)
says("byte_span.new(5, 2)", function () byte_span.new(5, 2) end)
says("span:sub('x')", function () span:sub('x') end)
says("span:append(5)", function () span:append(5) end)
says("span:set_i8(300)", function () span:set_i8(300) end)
says("span[9]", function () return span[9] end)
says("span[1] = 'b'", function () span[1] = 'b' end)

says("grammar = 'perl'", function () regex.new{ pattern = 'a', grammar = 'perl' } end)
local udp = ip.udp.socket.new()
says("send_to(text)", function () udp:send_to(span, '127.0.0.1', 9) end)
udp:open('v4')
says("set_option of a boolean", function () udp:set_option('broadcast', 5) end)
says("set_option of a number", function () udp:set_option('multicast_hops', 'x') end)
says("set_option of too large a number", function () udp:set_option('multicast_hops', 256) end)
says("set_option of too small a number", function () udp:set_option('unicast_hops', 0) end)

local channel = spawn_vm('.')
says("send{ f = print }", function () channel:send{ f = print } end)
says("send{ list = { 1, {}, coroutine.create(print) } }", function () channel:send{ list = { 1, {}, coroutine.create(print) } } end)
says("send{ [true] = 1 }", function () channel:send{ [true] = 1 } end)
says("channel.send('x')", function () channel.send('x') end)
local fiber = spawn(function () udp:receive(span) end)
this_fiber.yield()
says("send of what is in use", function () channel:send{ udp } end)
fiber:cancel()
local waiting = spawn(function () inbox:receive() end)
this_fiber.yield()
says("inbox:receive() twice", function () inbox:receive() end)
waiting:cancel()
channel:send('done')

-- A dot for the colon, and arguments that are no good.
if _CONTEXT ~= 'main' then return require('inbox'):receive() end
local ip, mutex, time = require 'ip', require 'mutex', require 'time'

local function says (what, f)
  local ok, e = pcall(f)
  print(what, tostring(e), e.code, e.arg, e.expected)
end

local socket = ip.tcp.socket.new()
says('socket.read_some(buffer)', function () socket.read_some(byte_span.new(8)) end)
says('socket.read_some()', function () socket.read_some() end)
says('socket.open("v4")', function () socket.open('v4') end)
says('of another class', function () socket.close(ip.udp.socket.new()) end)
says('timer.expires_after(5)', function () time.steady_timer.new().expires_after(5) end)
says('mutex.lock()', function () mutex.new().lock() end)
says('byte_span.sub(1, 2)', function () byte_span.new(8).sub(1, 2) end)
says('fiber.join()', function ()
  local fiber = spawn(function () end)
  fiber:detach()
  fiber.join()
end)

socket:open('v4')
spawn_vm('.'):send(socket)
says('what was given away', function () socket:close() end)

says("time.sleep('x')", function () time.sleep('x') end)
says('time.sleep()', function () time.sleep() end)
says('spawn(5)', function () spawn(5) end)
says('byte_span.new(-1)', function () byte_span.new(-1) end)

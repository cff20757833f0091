--
local unix = require 'unix'
local shost, sguest = unix.seqpacket.socket.pair()
sguest = sguest:release()
spawn_vm{ subprocess = { init = { arg = sguest, script = [[
    C.setsid()
    C.write(arg, 'mode ' .. mode(7, 5, 5))
]] } } }
sguest:close()
local buf = byte_span.new(32)
print(buf:first(shost:receive(buf)))

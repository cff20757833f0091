-- a canceled IO operation can be tried again later
local pipe = require 'pipe'
local stream = require 'stream'
local pin, pout = pipe.pair()
local f = spawn(function()
    local buf = byte_span.new(10)
    pin:read_some(buf)
    print('unreachable')
end)
this_fiber.yield()
f:cancel()
f:join()
print(f.cancellation_caught)
stream.write_all(pout, 'hello')
local buf = byte_span.new(10)
local n = pin:read_some(buf)
print(buf:first(n))

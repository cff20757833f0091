-- A finalizer that raises and catches runs while results are made for a fiber that waits, which goes on nevertheless.
local ffi = require 'ffi'
local pipe = require 'pipe'
local unix = require 'unix'

local finalized = 0
local function finalize () finalized = finalized + 1; pcall(error, 'caught') end

local a, b = unix.stream.socket.pair()
local r, w = pipe.pair()
local out = w:release()
local buffer, text = byte_span.new(4), byte_span.append('x')
local receiving = spawn(function ()
  for _ = 1, 3000 do
    local _, came = b:receive_with_fds(buffer, 8)
    for _, d in ipairs(came) do d:close() end
  end
  return 'received all'
end)
for _ = 1, 3000 do
  this_fiber.yield()
  for _ = 1, 3 do ffi.gc(ffi.new('int[4]'), finalize) end
  a:send_with_fds(text, { out, out, out })
end
print(receiving:join(), finalized > 0)

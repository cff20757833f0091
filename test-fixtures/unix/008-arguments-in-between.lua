-- What a program has attached to the JIT runs in the middle of calls, and does not get between their arguments.
local pipe = require 'pipe'
local unix = require 'unix'

local a, b = unix.stream.socket.pair()
local c, d = unix.stream.socket.pair()
local buffer, text = byte_span.new(16), byte_span.append('x')
local _, w = pipe.pair()
local out = w:release()
local three = { out, out, out }
local events = 0
local function disturb ()
  events = events + 1
  pcall(c.send_with_fds, c, text, three)
end
jit.attach(disturb, 'trace')
jit.attach(disturb, 'texit')
local wrong = 0
for i = 1, 2000 do
  local list = {}
  for j = 1, i % 5 + 1 do list[j] = out end
  a:send_with_fds(text, list)
  local _, came = b:receive_with_fds(buffer, 10)
  if #came ~= #list then wrong = wrong + 1 end
  for _, each in ipairs(came) do each:close() end
end
jit.attach(disturb)
print(events > 0, wrong)

-- Nor is everything a list whose keys are equal to those of one.
print(select(2, pcall(a.send_with_fds, a, text, { [1LL] = out })).arg)

-- Hundreds of actors, one after the other and many at once, leave nothing behind.
local fs = require 'filesystem'
local inbox = require 'inbox'

local sources = { ['guest.lua'] = "local inbox = require 'inbox' local m = inbox:receive() m.to:send(m.number or require('system').getppid()) if not m.number then inbox:receive() end" }
local function start (number)
  local ch = spawn_vm{ module = fs.path.new('/guest.lua'), subprocess = { source_tree_cache = sources } }
  ch:send{ to = inbox, number = number }
  return ch
end
-- Of this process, and of its fork server, which has seen to all that ended when it has made another one.
local function descriptors ()
  local ch = start(nil)
  local n = { self = 0, [inbox:receive()] = 0 }
  collectgarbage()
  collectgarbage()
  local counts = {}
  for process in pairs(n) do
    for _ in fs.directory_iterator(fs.path.new('/proc/' .. process .. '/fd')) do n[process] = n[process] + 1 end
    counts[#counts + 1] = n[process]
  end
  ch:kill()
  ch:closed()
  table.sort(counts)
  return counts
end

local function one (i)
  local ch = start(i)
  local got = inbox:receive()
  return got == i and ch:closed() == 'ended'
end
one(0)
one(0)
-- How many there are differs by a few, by what is collected and how many actors the server has ahead.
local before = { 0, 0 }
for i = 1, 20 do
  local now = descriptors()
  before = { math.max(before[1], now[1]), math.max(before[2], now[2]) }
end
-- What was there before may still wait for the collector, or for the server to hear of the end.
local function are_no_more()
  for i = 1, 100 do
    local now = descriptors()
    if now[1] <= before[1] and now[2] <= before[2] then return true end
  end
  return false
end
local good = 0
for i = 1, 300 do if one(i) then good = good + 1 end end
print(good)
print(are_no_more())

local sum = 0
local all = {}
for i = 1, 100 do all[i] = start(i) end
for i = 1, 100 do sum = sum + inbox:receive() end
print(sum)
for i = 1, 100 do all[i]:closed() end
all = nil
print(are_no_more())

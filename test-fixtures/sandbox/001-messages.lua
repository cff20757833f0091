-- Every kind of value goes to another process and back, in order.
local fs = require 'filesystem'
local inbox = require 'inbox'

local ch = spawn_vm{ module = fs.path.new('/echo.lua'), subprocess = {
  stderr = 'share',
  source_tree_cache = { ['echo.lua'] = [[
    local inbox = require 'inbox'
    local to = inbox:receive()
    while true do to:send(inbox:receive()) end
  ]] }
} }
ch:send(inbox)

local function shown (v)
  if type(v) ~= 'table' then return type(v) .. ' ' .. tostring(v) end
  local parts = {}
  for key, member in pairs(v) do parts[#parts + 1] = key .. '=' .. shown(member) end
  table.sort(parts)
  return '{' .. table.concat(parts, ', ') .. '}'
end

local function echo (v)
  ch:send(v)
  return inbox:receive()
end

for _, v in ipairs{ true, false, 0, -1.5, 1/0, -1/0, 2^53, '', 'text', 'a\0b', { a = 1, b = 'two', [''] = false } } do
  print(shown(echo(v)))
end
print(#echo(('x'):rep(255)))
local nan = echo(0/0)
print(nan ~= nan)

-- As many members as there may be, and one more.
local full = {}
for i = 1, 25 do full['key' .. i] = ('v'):rep(255) end
local back = echo(full)
local same = 0
for key, value in pairs(back) do if full[key] == value then same = same + 1 end end
print(same)
full.more = 1
print((pcall(ch.send, ch, full)))

-- An address comes home, and leads here.
local home = echo(inbox)
home:send('by way of another process')
print(inbox:receive())
print(home == home, home == ch)
print(pcall(function () return home.child_pid end))

spawn(function () for i = 1, 1000 do ch:send(i) end end):detach()
local in_order = true
for i = 1, 1000 do in_order = in_order and inbox:receive() == i end
print(in_order)

-- A table of shapes: what arrives of each, and which part of it is to blame where one cannot be sent. Each shape is sent
-- to an actor that writes down what it has got: keys in order, and a table that it has met before by its number.
local inbox = require 'inbox'

local function written (v, known)
  if type(v) ~= 'table' then
    if type(v) == 'string' then return ('%q'):format(v) end
    if type(v) == 'cdata' then return pcall(function () return #v end) and 'bytes ' .. tostring(v) or tostring(v) end
    if type(v) == 'userdata' then return 'a ' .. getmetatable(v) end
    return tostring(v)
  end
  if known[v] then return '#' .. known[v] end
  known.count = (known.count or 0) + 1
  known[v] = known.count
  local keys, parts = {}, {}
  for key in pairs(v) do keys[#keys + 1] = key end
  table.sort(keys, function (a, b) return tostring(a) < tostring(b) end)
  local list = #keys == #v
  for _, key in ipairs(keys) do
    parts[#parts + 1] = (list and '' or key .. '=') .. written(v[key], known)
  end
  return '{' .. table.concat(parts, ' ') .. '}'
end

if _CONTEXT ~= 'main' then
  local to = inbox:receive()
  while true do
    local m = inbox:receive()
    if m == 'end' then break end
    to:send(written(m.it, {}))
  end
  return
end

local fs, ip, time = require 'filesystem', require 'ip', require 'time'
local actor = spawn_vm('.')
actor:send(inbox)

local function arrives (what, it)
  actor:send{ it = it }
  print(what, inbox:receive())
end

local shared, pair = { 's' }, {}
pair[1], pair[2] = { 'leaf' }, { { 'other' } }
local twice = { pair, { pair } }
local diamond = { left = { bottom = shared }, right = { bottom = shared } }
local bad = { print }
local function chain (n) return n == 0 and 'end' or { chain(n - 1) } end
local function same (n) local t = {} for i = 1, n do t[i] = shared end return t end

arrives('nothing', nil)
arrives('true', true)
arrives('numbers', { 0, 1.5, -3, 2 ^ 53, 1 / 0, -1 / 0 })
arrives('not a number', 0 / 0)
arrives('minus zero', shared and 0 * -1)
arrives('strings', { '', 'a\0b', '\255' })
arrives('64 bits', { 9007199254740993LL, -1LL })
arrives('bytes', byte_span.append('abc'))
arrives('empty', {})
arrives('lists of lists', { {}, { {} }, { { 1 }, { 2, { 3 } } } })
arrives('records of records', { a = { b = { c = { d = 1 } } } })
arrives('lists of records', { { a = 1 }, { b = { 2 } } })
arrives('records of lists', { a = { 1, 2 }, b = { { 3 } } })
arrives('odd names', { ['a b'] = 1, [''] = 2, ['1'] = 3, ['end'] = 4 })
arrives('once', { shared, { 's' } })
arrives('twice', { shared, shared })
arrives('twice, and elsewhere', { a = shared, b = { c = shared }, d = { { shared } } })
arrives('what holds shared ones, shared', twice)
arrives('a diamond', diamond)
arrives('an empty one, shared', (function () local e = {} return { e, { e }, {} } end)())
arrives('many levels', chain(9))
arrives('one in twenty places', same(20))
arrives('values', { ip.address.loopback_v6(), fs.path.new('a'), time.steady_clock.now() })
arrives('addresses', { inbox, { actor } })
arrives('with a metatable', setmetatable({ 1, { own = 2 } }, { __index = { inherited = 3 } }))
arrives('a hole', { 1, nil, 3 })

-- What cannot be sent is named where it is.
local function refused (what, it)
  local ok, e = pcall(actor.send, actor, it)
  print(what, ok and 'was sent' or tostring(e))
  if ok then inbox:receive() end
end

local cycle = { 1 }
cycle[2] = cycle
local long = { a = {} }
long.a.b = { { back = long } }
local between = {}
between.x = { y = between }
refused('a function', print)
refused('in a list', { a = { 1, 2, print } })
refused('deeper', { a = { b = { { c = { print } } } } })
refused('odd names', { ['two words'] = { ["it's"] = print } })
refused('a coroutine', { t = coroutine.create(print) })
refused('a fiber', { f = spawn(function () end) })
refused('in shared ones', { bad, { bad } })
refused('a cycle', cycle)
refused('a longer one', long)
refused('of records', between)
refused('a cycle of what is shared', { shared, between })
refused('list and record', { x = { 1, y = 2 } })
refused('a boolean as name', { x = { [true] = 1 } })
refused('a number as name', { x = { a = 1, [5] = 2 } })
refused('a table as name', { [{}] = 1 })
refused('an object that stays', { t = { time.steady_timer.new() } })
refused('as deep as can be', chain(99))
refused('too deep', chain(120))
refused('an object twice', (function () local s = ip.udp.socket.new() return { s, { s } } end)())
refused('one given away', (function ()
  local s = ip.udp.socket.new()
  actor:send{ it = s }
  print('an object', inbox:receive())
  return { 'x', { s } }
end)())
actor:send('end')

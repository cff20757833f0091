-- Of a table with a metatable the fields are sent, and nothing of the metatable takes part.
local inbox = require 'inbox'
if _CONTEXT == 'main' then
  local function never () error('a metamethod was called') end
  local mt = { __index = { inherited = 1 }, __len = never, __pairs = never, __call = never }
  local record = setmetatable({ own = 'field' }, mt)
  local list = setmetatable({ 'a', 'b' }, mt)
  local empty = setmetatable({}, mt)
  spawn_vm('.'):send{ to = inbox, record = record, list = list, empty = empty }
  for _ = 1, 3 do print(inbox:receive()) end
else
  local m = inbox:receive()
  local function describe (name, t)
    m.to:send(table.concat({ name, tostring(getmetatable(t)), tostring(rawget(t, 'own')), tostring(t.inherited), #t }, ' '))
  end
  describe('record', m.record)
  describe('list', m.list)
  describe('empty', m.empty)
end

-- A participant of the model test: does what it is told, sends items to others, and reports what it sent and received.
local inbox, system = require 'inbox', require 'system'
local start = inbox:receive()
local own, main = start.own, start.main
local known, sent, refused, received = {}, {}, {}, {}

local function pass(path, payload)
  local to, rest = path:match('^(%S+) ?(.*)$')
  local address = known[to]
  if not address then return end
  local number = sent[to] or 0
  local ok, e = pcall(address.send, address, { from = own, number = number, path = rest, payload = payload })
  if ok then sent[to] = number + 1 else refused[to] = tostring(e) end
end

local function forget(name)
  if known[name] then known[name]:close() end
  known[name] = nil
end

local orders = {
  know = function(m)
    forget(m.name)
    known[m.name] = m.address
  end,
  introduce = function(m)
    local to, whom = known[m.to], known[m.whom]
    if to and whom then pcall(to.send, to, { order = 'know', name = m.whom, address = whom }) end
  end,
  forget = function(m) forget(m.whom) end,
  pass = function(m) pass(m.path, m.payload) end,
  flush = function() main:send{ flushed = own } end,
  leave = function(m)
    main:send{ report = own, sent = sent, refused = refused, received = received }
    if m.how == 'exit' then system.exit() end
    if m.how == 'close' then inbox:close() end
    return true
  end
}

while true do
  local m = inbox:receive()
  if m.order then
    if orders[m.order](m) then break end
  else
    table.insert(received, { from = m.from, number = m.number, payload = m.payload })
    pass(m.path, m.payload)
  end
end

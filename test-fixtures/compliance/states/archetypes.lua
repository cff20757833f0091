-- SPDX-License-Identifier: MIT OR BSL-1.0

-- What an argument of a row stands for: '$peer.local_port' is c.peer.local_port, all else is itself.
function resolve (c, text)
  if type(text) ~= 'string' or text:sub(1, 1) ~= '$' then return text end
  local value = c
  for name in text:sub(2):gmatch('[^.]+') do value = value[name] end
  assert(value ~= nil, 'the fixture has no ' .. text)
  return value
end

-- What the row expects of the result, or of the object where there is no result.
local function expected (c, row, got)
  if row.list then assert(#got > 0, 'an empty list') end
  if type(row.expect) == 'table' then
    local subject = got == nil and c.object or got
    for name, wanted in pairs(row.expect) do
      local value = subject[name]
      assert(value == resolve(c, wanted), name .. ' is ' .. tostring(value))
    end
  elseif row.expect ~= nil then
    assert(got == resolve(c, row.expect), 'gave ' .. tostring(got))
  end
end

local function nothing () end

-- What an operation of each archetype does, on a set of objects `c` that a fixture made:
--
--   let(c)              makes it succeed while it waits
--   check(c, row, got)  looks at what a success gave: the one result, or a table of several
--   again(c)            undoes a cancellation where the operation cannot simply be started again
archetypes = {
  reader = {
    let = function (c) c:feed() end,
    check = function (c, _, n)
      assert(n > 0 and tostring(c.buffer:sub(1, n)) == ('hello'):sub(1, n), 'read something else')
    end
  },
  writer = {
    let = function (c) c:drain() end,
    check = function (_, _, n) assert(n > 0) end
  },
  acceptor = {
    let = function (c) c:feed() end,
    check = expected
  },
  connector = {
    let = function (c) c:drain() end,
    check = expected,
    again = function (c) c.object:close() end
  },
  datagram_reader = {
    let = function (c) c:feed() end,
    check = function (c, row, got)
      local size = #row.results > 1 and got.size or got
      assert(size == 5 and tostring(c.buffer) == 'hello', 'received something else')
      if #row.results == 1 then return end
      assert(got.port == nil or got.port == c.peer.local_port, 'from another port')
      assert(got.path == nil or got.path == c.peer.local_path, 'from another path')
    end
  },
  datagram_writer = { let = nothing, check = expected },
  waiter = {
    let = function (c) c:feed() end,
    check = function (c) c:take() end
  },
  receiver = {
    let = function (c) c:feed() end,
    check = expected
  },
  timer = {
    -- Changing the expiry would cancel the wait: a timer of its own ends with time only.
    let = function () require('time').sleep(0.03) end,
    check = nothing
  },
  job = { let = nothing, check = expected }
}

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The operation that is tested: the row of the suite's list that is in the environment, and what it leads to here.

local archetypes, fixtures = require '../archetypes', require '../fixtures'
local resolve = archetypes.resolve

row = load(require('system').environment.ROW)()
local archetype, fixture = archetypes.archetypes[row.archetype], fixtures.fixtures[row.fixture]

-- A fresh set of objects; with `short`, of such as let the operation end by itself soon.
function make (short) return fixture.make(short) end

-- The operation itself.
function start (c)
  local arguments = {}
  for i, text in ipairs(row.arguments) do arguments[i] = resolve(c, text) end
  if row.method then return c.object[row.method](c.object, unpack(arguments)) end
  local f = require(row.module)
  for name in row.path:gmatch('[^.]+') do f = f[name] end
  return f(unpack(arguments))
end

function let (c) archetype.let(c) end

function again (c)
  if archetype.again then archetype.again(c) end
end

function check (c, ...)
  local got = ...
  if #row.results > 1 then
    got = {}
    for i, name in ipairs(row.results) do got[name] = (select(i, ...)) end
  end
  archetype.check(c, row, got)
end

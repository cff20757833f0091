-- SPDX-License-Identifier: MIT OR BSL-1.0
-- MB/s of this machine: EMILUA_PATH=plugins/json/build ./emilua plugins/json/benchmark/json.lua, and, where lua-cjson is
-- installed, luajit plugins/json/benchmark/json.lua
local json, name = nil, 'plugin'
if byte_span then
  json = require 'json'
else
  local cjson = require 'cjson'
  json, name = { parse = cjson.decode, stringify = cjson.encode }, 'lua-cjson'
end
local ffi = require 'ffi'
ffi.cdef 'long clock(void);'

local people = {}
for i = 0, 999 do
  people[i + 1] = {
    id = i, name = 'Person ' .. i, active = i % 2 == 0, score = i / 7, tags = { 'a', 'b', 'c' },
    address = { street = 'Main Street', number = i }
  }
end
local text = json.stringify(people)

local function rate (f, x)
  local rounds, begin = 0, tonumber(ffi.C.clock())
  while tonumber(ffi.C.clock()) - begin < 500000 do
    f(x)
    rounds = rounds + 1
  end
  return ('%.0f'):format(rounds * #text / (tonumber(ffi.C.clock()) - begin))
end
print(name, 'parse', rate(json.parse, text), 'stringify', rate(json.stringify, people), 'MB/s')

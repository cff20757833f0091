-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Texts to values and back, what is none, and what JSON does not have.
local json = require 'json'

local function show (v)
  if type(v) ~= 'table' then return type(v) == 'string' and ('%q'):format(v) or tostring(v) end
  local keys, parts = {}, {}
  for k in pairs(v) do keys[#keys + 1] = k end
  table.sort(keys, function (a, b) return tostring(a) < tostring(b) end)
  for i, k in ipairs(keys) do parts[i] = (#v > 0 and '' or k .. '=') .. show(v[k]) end
  return '{' .. table.concat(parts, ' ') .. '}'
end
local function fails (f, ...)
  local ok, e = pcall(f, ...)
  print(ok, e.arg, e.message)
end

print(show(json.parse '{"a": [1, 2.5, -0.0, 1e3], "b": {"c": "d\\u00e9\\n"}, "e": true, "f": []}'))
print(show(json.parse(byte_span.append '[null, false, null]')))
print(json.parse 'null' == json.null, json.null == json.null, tostring(json.null), json.parse '12')
print(json.parse '9007199254740993', json.parse '0.1', json.parse '123456789012')

print(json.stringify{ 1, 2.5, 'three', true, json.null, { a = { b = {} } } })
print(json.stringify 'a "quoted" \t\0 é', json.stringify(-0.5), json.stringify(1e300), json.stringify(0.1), json.stringify(2^53))
print(json.stringify(nil), json.stringify(1LL), json.stringify(18446744073709551615ULL), json.stringify(-5LL))
print(json.to_bytes{ 'bytes' }, #json.to_bytes{ 'bytes' })

local text = '{"list":[1,[2,[3,null,"\\u0000é"]]]}'
print(json.stringify(json.parse(text)))

fails(json.parse, '{"a": 1,}')
fails(json.parse, '[1, 2')
fails(json.parse, '')
fails(json.parse, '[1] [2]')
fails(json.parse, '"\255"')
fails(json.parse, '"\\ude00"')
fails(json.parse, '{"\\ud83d": 1}')
print(json.parse '"\\ud83d\\ude00\\ud7ff"')
fails(json.parse, ('['):rep(201) .. (']'):rep(201))
fails(json.parse, 5)
fails(json.stringify, { a = { 1, print } })
fails(json.stringify, { a = 0 / 0 })
fails(json.stringify, { list = { 'x', { 'y\255' } } })
fails(json.stringify, { byte_span.new(1) })
fails(json.stringify, { [1.5] = 1 })
fails(json.stringify, { [3] = 1 })
local cycle = {}
cycle.again = cycle
fails(json.stringify, cycle)
print(#json.stringify(json.parse(('['):rep(200) .. (']'):rep(200))))

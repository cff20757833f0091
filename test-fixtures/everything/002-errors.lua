-- env: EMILUA_PATH=$BUILD/test
-- What only Lua can get wrong; what both languages can is in cases.json.
local everything = require 'everything'
local try = require('./m_try').try

local evil = setmetatable({}, {__index = function(_, key) error('asked for ' .. key, 0) end})
try('a field that raises', everything.echo_shape, evil)
try('lists and maps are raw', function() return #everything.echo_strings(evil) end)
local suspends = setmetatable({}, {__index = function() this_fiber.yield() end})
try('a field that suspends', everything.echo_shape, suspends)
try('a fraction for a key', everything.echo_by_number, {[1.5] = {}})
try('a boolean for a key', everything.echo_by_name, {[true] = 1})
try('a huge key', everything.echo_by_number, {[1e300] = {}})
try('a list and a record', everything.echo_value, {1, a = 2})
local cyclic = {}
cyclic.a = {cyclic}
try('a table inside itself', everything.echo_value, cyclic)
local shared = {}
try('the same table twice', function() return #everything.echo_value{shared, shared} end)
local deep = {}
for _ = 1, 102 do deep = {deep} end
try('too deep', function()
    local ok, e = pcall(everything.echo_value, deep)
    e.path = #e.path
    error(e, 0)
end)
try('a mutex', everything.echo_value, {m = require('mutex').new()})
try('a coroutine', everything.echo_value, {coroutine.create(print)})

for _, v in ipairs{'5', 0.5, 2 ^ 53, -1, -1LL, 2ULL ^ 63} do
    try('unsigned ' .. tostring(v), everything.unsigned_digits, v)
end
for _, v in ipairs{5, 9223372036854775807LL, -9223372036854775807LL - 1, 0x8000000000000000ULL} do
    try('signed ' .. tostring(v), everything.digits, v)
end
print(everything.echo_signed(-1), everything.echo_unsigned(0xffffffffffffffffULL))

local counter = everything.counter.new(1)
try('a property', function() counter.count = 'x' end)
counter.count = 7
print(counter.count)
try('no property', function() counter.add = 5 end)
try('no member', function() return counter.nothing end)
try('another receiver', counter.add, {}, 1)

print(everything.checksum('abc') == everything.checksum(byte_span.append('abc')))
try('no secret', everything.secret_of, {user = 'u', password = 5})

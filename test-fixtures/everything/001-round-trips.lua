-- env: EMILUA_PATH=$BUILD/test
-- Every type comes back as it went, nested and long ones too.
local everything = require 'everything'

local function show(v)
    if type(v) ~= 'table' then return tostring(v) end
    local parts = {}
    for key, part in pairs(v) do parts[#parts + 1] = tostring(key) .. '=' .. show(part) end
    table.sort(parts)
    return '{' .. table.concat(parts, ' ') .. '}'
end

local function both_ways(name, v)
    local back = everything['echo_' .. name](v)
    print(name, show(back) == show(v), show(back))
end

both_ways('boolean', false)
both_ways('integer', -2147483648)
both_ways('number', 1 / 0)
both_ways('string', 'a\0b')
both_ways('port', 65535)
both_ways('optional', nil)
both_ways('optional', 5)
both_ways('color', 'blue')
both_ways('colors', {'red', 'blue'})
both_ways('strings', {})
both_ways('matrix', {{1, 2}, {}, {3}})
both_ways('by_name', {})
both_ways('by_name', {a = 1, ['x y'] = 2, ['80'] = 3})
both_ways('by_number', {[3] = {'a'}, [-7] = {}, [1] = {'b', 'c'}})
both_ways('either', 1.5)
both_ways('either', 'x')
both_ways('either', {1, 2})
both_ways('value', {a = {1, {b = 'c'}}})
both_ways('shape', {
    name = 's', outline = {{x = 1, y = 2, label = 'l'}, {x = 3, y = 4}}, marks = {top = {x = 5, y = 6}},
    fill_color = 'red', other_colors = {'green'}, line_width = 'thin'
})
both_ways('shapes', {})

local inherited = setmetatable({name = 's'}, {__index = {outline = {}}})
print('fields may be inherited', show(everything.echo_shape(inherited)))

local options = everything.echo_spawn_options{program = 'x', extra_fds = {[3] = 4, [10] = 1}, rlimits = {core = 2ULL}, umask = 18}
print(options.extra_fds[10], options.rlimits.core, options.umask, options.stdin, options.close_others, options.cookie)

-- Longer than Lua's stack is.
local numbers, texts, counters, by_name, spans = {}, {}, {}, {}, {}
for i = 1, 1000000 do numbers[i] = 1 end
for i = 1, 10000 do
    texts[i] = tostring(i)
    counters[i] = everything.counter.new(i)
    by_name['n' .. i] = {everything.counter.new(1)}
    spans[i] = byte_span.new(1)
end
print(everything.blocking_sum(numbers))
print(everything.echo_strings(texts)[10000])
print(everything.total{many_of_them = counters, by_name = by_name})
print(everything.fill_now{more = spans}, spans[1][1], spans[255][1], spans[10000][1] == 10000 % 256)
local later = spawn(function()
    local last = byte_span.new(2)
    print(everything.fill_later({first = spans[1], more = {spans[2], spans[3]}}, last), last[2])
end)
later:join()
print(spans[1][1], spans[2][1], spans[3][1])

-- What lies between matches, and the matches: strings of a string, views of a byte_span.
local regex = require 'regex'

local function show (parts)
  local text = {}
  for i, part in ipairs(parts) do text[i] = ('%q'):format(tostring(part)) end
  print(#parts, table.concat(text, ' '))
end

local comma = regex.new{ pattern = ', *', grammar = 'extended' }
show(regex.split(comma, 'one, two,three'))
show(regex.split(comma, ',one,,'))
show(regex.split(comma, 'one'))
show(regex.split(comma, ''))
show(regex.split(regex.new{ pattern = 'x*', grammar = 'extended' }, 'abc'))

local word = regex.new{ pattern = '[a-z]+', grammar = 'extended' }
show(regex.patsplit(word, 'one, two,three'))
show(regex.patsplit(word, '123'))
show(regex.patsplit(regex.new{ pattern = '^a', grammar = 'ecma' }, 'aaa'))

local data = byte_span.append('one,two')
local parts = regex.split(comma, data)
show(parts)
parts[2][1] = ('T'):byte()
print(tostring(data))

local found = regex.search(regex.new{ pattern = "(?<key>[a-z]+)(=)?", grammar = 'ecma' }, '12 ab')
print(found.empty, found[0].start, found[0].end_, found.key.start, found.key.end_, found[2])
print(tostring(word), regex.new{ pattern = '(?<a>x)', grammar = 'ecma' }.group_names.a)

-- Bytes that are no text.
print(regex.search(regex.new{ pattern = '\\xff+', grammar = 'ecma' }, 'a\0\255\255')[0].start)
print(#regex.match(regex.new{ pattern = '.\\x00', grammar = 'ecma' }, 'a\0'))

-- As many groups as there are, each a result.
local many = regex.new{ pattern = ('(a)?(x)'):rep(200), grammar = 'ecma' }
for _, text in ipairs{ ('x'):rep(200), byte_span.append(('x'):rep(200)) } do
  local groups = { n = select('#', regex.match(many, text)), regex.match(many, text) }
  print(groups.n, groups[1], tostring(groups[2]), groups[399], tostring(groups[400]))
end
local a = regex.new{ pattern = '(a*)(b)?', grammar = 'ecma' }
print(select('#', regex.match(a, 'a')), regex.match(a, 'a'))
print(select('#', regex.match(a, 'c')), regex.match(a, 'c'))
print(('%q'):format(regex.match(regex.new{ pattern = 'a*', grammar = 'ecma' }, '')), regex.groups(a, 'ab'))

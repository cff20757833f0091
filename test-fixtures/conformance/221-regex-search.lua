--
local regex = require 'regex'
local re = regex.new{pattern = 'u(ab)(c)?', grammar = 'extended'}
for _, s in ipairs{' uabd', byte_span.append(' uabd')} do
    local r = regex.search(re, s)
    print(r.empty, r[0].start, r[0].end_, r[1].start, r[1].end_, r[2])
    print(tostring(s):sub(r[1].start, r[1].end_))
end
local r = regex.search(re, 'nothing here')
print(r.empty)
r = regex.search(regex.new{pattern = 'o', grammar = 'ecma'}, 'foo boo')
print(r[0].start, r[0].end_)

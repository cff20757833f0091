-- whole-string match: captures, or the match without captures, or nil
local regex = require 'regex'
local re = regex.new{pattern = 'a', grammar = 'extended'}
print(regex.match(re, ''), regex.match(re, 'a'), regex.match(re, 'a '), regex.match(re, byte_span.append('a')))
re = regex.new{pattern = '([a-z]+)=([0-9]+)', grammar = 'extended'}
print(regex.match(re, 'key=42'))
print(regex.match(re, byte_span.append('abc=1')))
print(regex.match(re, 'key=42 '))
re = regex.new{pattern = '(a)?(b)', grammar = 'ecma'}
print(regex.match(re, 'ab'))
re = regex.new{pattern = '([a-z]+)=([0-9]+)', grammar = 'extended', nosubs = true}
print(regex.match(re, 'key=42'))
print(regex.match(regex.new{pattern = 'HeLLo', grammar = 'ecma', ignore_case = true, optimize = true}, 'hEllO'))
print(regex.match(regex.new{pattern = '\\(a*\\)b', grammar = 'basic'}, 'aaab'))
print(regex.match(regex.new{pattern = '\\d+', grammar = 'ecma'}, '2024'))
print((pcall(regex.new, {pattern = '(', grammar = 'extended'})), (pcall(regex.new, {pattern = 'a', grammar = 'klingon'})))

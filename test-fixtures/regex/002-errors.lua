-- A bad pattern says where it is wrong; one that would take for ever is an error.
local generic_error, regex = require 'generic_error', require 'regex'

local function try (...)
  local ok, e = pcall(...)
  if ok then print('done') else print(e:togeneric() == generic_error.EINVAL, e.arg, e.expected) end
end

try(regex.new, { pattern = 'a(b', grammar = 'ecma' })
try(regex.new, { pattern = '[z-a]', grammar = 'extended' })
try(regex.new, { pattern = 'a', grammar = 'klingon' })
try(regex.new, { pattern = 'a' })
try(regex.new, { grammar = 'ecma' })
try(regex.new, { pattern = 'a', grammar = 'ecma', ignorecase = true })
try(regex.new, 'a')
try(regex.match, 'a', 'a')
try(regex.match, regex.new{ pattern = 'a', grammar = 'ecma' }, 5)

local ok, e = pcall(regex.match, regex.new{ pattern = '(a+)+b', grammar = 'ecma' }, ('a'):rep(40))
print(ok, e:togeneric() == generic_error.EOVERFLOW)

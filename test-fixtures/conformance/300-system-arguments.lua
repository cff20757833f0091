-- binary, script, then everything after --
-- args: one two --three
local system = require 'system'
local a = system.arguments
print(#a, type(a[1]), (a[2]:gsub('.*/', '')))
print(a[3], a[4], a[5])

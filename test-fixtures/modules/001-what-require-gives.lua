-- What a module returns is what require gives; without that, its globals.
local both = require './parts/both'
print(both.name, both.shown, rawget(both, 'shown'), both.print, both.require, both.nothing)
both.later()
print(both.added)
local own = require './parts/metatable'
print(own.name, own.shared)
print(require('./parts/double')(21), require './parts/no')
local names = {}
for name in pairs(require './parts/globals') do names[#names + 1] = name end
table.sort(names)
print(table.concat(names, ' '))
print(_G.both, rawget(_G, 'require'), _CONTEXT, type(require))
for _, name in ipairs{ 'bit', 'coroutine', 'ffi', 'jit', 'math', 'string', 'table' } do
  assert(require(name) == (_G[name] or require(name)) and type(require(name)) == 'table', name)
end
print(#require('table.new')(4, 0), type(require('table.clear')))
-- Whoever imports it.
print(spawn(function () return require('string') == string end):join())

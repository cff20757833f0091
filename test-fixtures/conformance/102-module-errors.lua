-- cycles, missing modules, parents of the root, children of leaves
-- (no tail call: the importing module must stay visible on the stack)
local function try(id) return pcall(function() local m = require(id) return m ~= nil end) end
print('control', try('./m_plain'))
print('cycle', (try('./m_cycle_a')))
print('missing', (try('./m_does_not_exist')))
print('parent of the root', (try('../anything')))
print('child of a leaf', (try('./m_leaf')))
print('error propagates', try('./m_failing'))
print('syntax error', (try('./m_syntax')))
print('unknown external', (try('no_such_package_anywhere')))

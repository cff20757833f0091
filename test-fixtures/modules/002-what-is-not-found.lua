-- The name, every place that was tried, and who asked.
-- env: EMILUA_PATH=/nowhere:/nothing
local function try (id)
  local ok, e = pcall(require, id)
  local text = tostring(e):gsub('/%S*/test%-fixtures/', '')
  -- Behind EMILUA_PATH come places of the installation.
  print((text:gsub('\n\tno file (%S)(%S*)', function (first, rest)
    if first == '/' and not rest:find '^no' then return '' end
  end)))
  return e
end
local generic = require 'generic_error'
local e = try './nothing'
print(e.id, e:togeneric() == generic.ENOENT)
try '/nothing'
try 'nothing'
try 'parts/both'
try '../outside'
try './parts/../../outside'
try './parts/../nothing'
print(require('./parts/deep/mod').name)
print(table.concat(require('./parts/deep/inner').messages, ' '))
local mine = select(2, pcall(require, './parts/failing'))
print(mine[1])
try(5)
print(pcall(spawn_vm, { module = '.', inherit_contex = false }))
print(pcall(spawn_vm, { module = '.', inherit_context = 'no' }))
print(pcall(spawn_vm, { module = '.', [1] = 2 }))
print(pcall(spawn_vm, {}))

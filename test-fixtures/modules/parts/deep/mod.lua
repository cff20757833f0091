local function try (id)
  local ok, e = pcall(require, id)
  print((tostring(e):gsub('/%S*/test%-fixtures/', '')))
end
try '../globals'
try './both'
name = require('../../globals').first

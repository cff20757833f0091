-- Outside the main fiber nothing is imported that is not loaded yet, whoever made it; what is loaded is there for all.
local function import (id)
  local ok, e = pcall(function () return require(id) end)
  if ok then return 'imported ' .. id end
  return id .. ': ' .. tostring(e):match('^[^:]*')
end
local ids = { 'time', 'mutex', 'ffi', 'generic_error', './modules/plain', 'none' }
local function import_all ()
  for _, id in ipairs(ids) do print(import(id)) end
end
spawn(import_all):join()
print('main fiber')
import_all()
print('other fiber')
spawn(import_all):join()
print('coroutine of the main fiber', coroutine.wrap(import)('stream'))
-- A function of a module imports for whoever calls it.
local later = require './modules/later'
print('called by another fiber', (spawn(function () return later.import('ip') end):join():gsub(':.*', '')))
print('called by the main fiber', later.import('ip'))

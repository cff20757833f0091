-- Options that are refused, before there is a process.
local fs = require 'filesystem'
local inbox = require 'inbox'

local function try (options)
  local ok, e = pcall(spawn_vm, options)
  print(ok, (tostring(e):gsub('0x%x+', 'ADDRESS')))
end
try{ module = '/x.lua', subprocess = {} }
try{ module = fs.path.new(''), subprocess = {} }
try{ module = 1, subprocess = {} }
try{ subprocess = true }
try{ subprocess = { newns_uts = 1 } }
try{ subprocess = { newns_all = true } }
try{ subprocess = { environment = { ['A=B'] = 'c' } } }
try{ subprocess = { environment = { A = 'b\0' } } }
try{ subprocess = { stdin = 'ignore' } }
try{ subprocess = { init = {} } }
try{ subprocess = { init = { script = '', arg = 3 } } }
try{ subprocess = { source_tree_cache = 'text' } }
try{ subprocess = { source_tree_cache = { 'text' } } }
try{ subprocess = { source_tree_cache = { ['a/b.lua'] = '' } } }
try{ subprocess = { source_tree_cache = { a = { b = 1 } } } }
try{ subprocess = { native_modules_cache = 'everything' } }
try{ subprocess = { pd_daemon = true } }
try{ subprocess = { ld_library_directories = {} } }
local r, w = require('pipe').pair()
local fd = r:release()
fd:close()
try{ subprocess = { stdout = fd } }

-- A message is refused whole, and what was in it stays.
local ch = spawn_vm{ module = fs.path.new('/g.lua'), subprocess = {
  source_tree_cache = { ['g.lua'] = "local inbox = require 'inbox' inbox:receive():send(inbox:receive().fd.type)" }
} }
ch:send(inbox)
local kept = w:release()
print(pcall(ch.send, ch, { fd = kept, more = { 1 } }))
print(kept.type)
ch:send{ fd = kept }
print(pcall(function () return kept.type end))
print(inbox:receive())
print(ch:closed())

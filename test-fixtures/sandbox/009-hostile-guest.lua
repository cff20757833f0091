-- What a guest writes that is no message costs it the address that it was sent to, and nothing else.
local fs = require 'filesystem'
local inbox = require 'inbox'

local guest = [[
  local ffi = require 'ffi'
  local fs = require 'filesystem'
  local inbox = require 'inbox'
  ffi.cdef 'long send(int, const void *, size_t, int); int shutdown(int, int);'
  local function sockets ()
    local all = {}
    for entry in fs.directory_iterator(fs.path.new('/proc/self/fd')) do
      local ok, target = pcall(fs.read_symlink, entry.path)
      if ok and tostring(target):find '^socket' then all[tonumber(tostring(entry.path.filename))] = true end
    end
    return all
  end
  local m = inbox:receive()
  local good = m.good
  local before = sockets()
  local bad = inbox:receive()
  local fd
  for n in pairs(sockets()) do if not before[n] then fd = n end end
  local text = m.text
  if m.what == 'shutdown' then ffi.C.shutdown(fd, 2) else ffi.C.send(fd, text, #text, 0) end
  -- Nobody hears what is said there any more.
  local ok = true
  while ok do ok = pcall(bad.send, bad, 'too late') end
  good:send 'done'
]]

for _, row in ipairs{ { what = 'nothing', text = '' }, { what = 'garbage', text = ('\255'):rep(200) },
  { what = 'short', text = 'x' }, { what = 'shutdown', text = '' } } do
  local ch = spawn_vm{ module = fs.path.new('/guest.lua'), subprocess = {
    stderr = 'share', source_tree_cache = { ['guest.lua'] = guest }
  } }
  ch:send{ good = inbox, text = row.text, what = row.what }
  ch:send(inbox)
  print(row.what, inbox:receive(), ch:closed())
end

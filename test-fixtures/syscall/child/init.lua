-- SPDX-License-Identifier: MIT OR BSL-1.0
local S = require 'syscall'

-- child(f): runs it in a process of its own, and prints what it says.
local function child (f)
  local p = assert(S.pipe())
  local pid = assert(S.fork())
  if pid == 0 then
    p[1]:close()
    local function say (...)
      local words = { ... }
      for i = 1, select('#', ...) do words[i] = tostring(words[i]) end
      p[2]:write(table.concat(words, '\t') .. '\n')
    end
    local ok, err = pcall(f, say)
    if not ok then say('failed', err) end
    S._exit(0)
  end
  p[2]:close()
  local parts = {}
  repeat
    local text = assert(p[1]:read())
    parts[#parts + 1] = text
  until text == ''
  print((table.concat(parts):gsub('\n$', '')))
  local w = assert(S.waitpid(pid))
  return w.EXITSTATUS or 'signal ' .. w.WTERMSIG
end

-- A module of Emilua is its globals.
if select(2, pcall(function () return _CONTEXT ~= nil end)) == true then setfenv(0, { child = child }) end
return { child = child }

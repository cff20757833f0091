-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The module is loaded by programs whose table of globals refuses names that it does not have.
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- Emilua's has a metatable already, which cannot be replaced.
local strict = {
  __index = function (_, name) error('undeclared: ' .. tostring(name), 2) end,
  __newindex = function (_, name) error('assigned: ' .. tostring(name), 2) end
}
if getmetatable(_G) == nil then setmetatable(_G, strict) end
local S = require 'syscall'
print(S.getpid() > 0, #S.ls('/') > 0, S.uname().sysname, (S.signal('usr1', 'ign')))
-- All parts, each by one of its functions.
for name, f in pairs(S) do
  if type(f) == 'function' and (name:find('^get') or name:find('^sched_get')) then
    local _, err = pcall(f)
    if tostring(err):find('undeclared') or tostring(err):find('assigned') then print(name, err) end
  end
end

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- For a search path that names this folder itself.
if _CONTEXT ~= nil then
  local S = require '/init'
  setfenv(0, S)
  return S
end
return dofile(string.dump(function () end):match('@(%Z*)syscall%.lua') .. 'init.lua')

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What a module that is not found may have been meant to be.
local function try (id)
  local ok, e = pcall(require, id)
  print(id, tostring(e):match('\n\t([^\n]*)$'))
end

try 'tmie'
try 'fileystem'
try 'Stream'
try 'json'
try 'http'
try 'io'
try 'socket'
try 'nothing.like.it'
try './parts/Globals'
try './parts/globls'
try './parts/globals.lua'
try 'parts.both'
try './parts/boht'
try '/parts/boht'

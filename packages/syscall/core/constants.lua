-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Puts the constants into the module's table: those of every architecture, then those of this one.

local S, import = ...
local ffi = require 'ffi'

return function (subjects)
  for _, subject in ipairs(subjects) do
    local target = S
    if subject == 'errors' then
      S.E = {}
      target = S.E
    end
    for _, section in ipairs(import('constants/' .. subject)) do
      for name, value in pairs(section) do
        if name ~= 'headers' then target[name] = value end
      end
    end
  end
  local arch = import('arch/' .. ffi.arch)
  for name, value in pairs(arch.constants) do S[name] = value end
  for name, number in pairs(arch.numbers) do S['SYS_' .. name] = number end
  S.O_LARGEFILE = 0
  S.SYSFS_BRIDGE_ATTR = 'bridge'
  S.SYSFS_BRIDGE_FDB = 'brforward'
  S.SYSFS_BRIDGE_PORT_SUBDIR = 'brif'
  S.SYSFS_BRIDGE_PORT_ATTR = 'brport'
  S.SYSFS_BRIDGE_PORT_LINK = 'bridge'
end

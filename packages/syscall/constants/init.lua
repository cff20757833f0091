-- SPDX-License-Identifier: MIT OR BSL-1.0
-- `require 'syscall.constants'` of plain LuaJIT: the constants are members of the module.
return require 'syscall'

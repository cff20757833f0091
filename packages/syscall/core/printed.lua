-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What was printed and is not written yet: a copy of the process would print it again, an end without Emilua lose it.

local _, import = ...
local ffi = require 'ffi'

if not import 'under_emilua' then
  ffi.cdef [[int syscall_flush(void *stream) __asm__("fflush");]]
  return function () ffi.C.syscall_flush(nil) end
end

-- Emilua writes it before standard output leads elsewhere.
local out = require('system').out
local function write () out:dup_from(out:dup()) end
return function () pcall(write) end

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Arguments that Lua itself works with, before the FFI can look at them: what is none is an error that says what was
-- expected, at the place that called the function of this module.

local _, import = ...
local ffi = require 'ffi'

local arguments = {}

-- By the numbers of their types: Emilua's byte_spans, whose bytes are elsewhere and which the FFI would overwrite.
local spans = {}
if import 'under_emilua' then
  local span = byte_span.new(1)
  for _, made in ipairs { span, span:first(1) } do spans[tonumber(ffi.typeof(made))] = true end
end

function arguments.refuse_span (value, level)
  if spans[tonumber(ffi.typeof(value))] then
    error('a buffer was expected, not a byte_span: read into an S.t.buffer or give the bytes as a string', level + 1)
  end
end

local function refuse (what, value, level)
  error(what .. ' was expected, not a ' .. type(value), level + 1)
end

-- A number, also of 64 bits, as a number of Lua.
function arguments.number (value, what, level)
  if type(value) == 'number' then return value end
  return type(value) == 'cdata' and tonumber(value) or refuse(what or 'a number', value, level or 3)
end

function arguments.text (value, what, level)
  if type(value) ~= 'string' then refuse(what or 'a string', value, level or 3) end
  return value
end

function arguments.table (value, what, level)
  if type(value) ~= 'table' then refuse(what or 'a table', value, level or 3) end
  return value
end

-- The same, or nil.
function arguments.optional_table (value, what) return value ~= nil and arguments.table(value, what, 4) or {} end

-- An object of this type or a pointer to one.
function arguments.object (value, ctype, what)
  if ffi.istype(ctype, value) or type(value) == 'cdata' and ffi.istype(ffi.typeof('$ *', ctype), value) then return value end
  refuse(what, value, 3)
end

-- What the FFI makes, in bytes. It cannot refuse a size in compiled code, which would crash.
local most = 0x7fff0000

-- How many members of `size` bytes an array is to have.
function arguments.count (value, size, level)
  value = arguments.number(value, 'a count', (level or 3) + 1)
  -- Asked like this because of NaN.
  if not (value >= 0) then error('a count is not below 0', level or 3) end
  if value * (size or 1) > most then error('a count of ' .. value .. ' is too large', level or 3) end
  return value
end

-- What the kernel is to read or write, or nil: the FFI would take the objects of others as well.
function arguments.pointer (value, level)
  if value == nil then return nil end
  if type(value) ~= 'cdata' then refuse('a pointer or a structure', value, level or 3) end
  arguments.refuse_span(value, level or 3)
  return value
end

-- An address, which nil is none of: the FFI takes that for the address 0.
function arguments.address (value)
  if type(value) ~= 'cdata' then refuse('an address', value, 3) end
  return value
end

return arguments

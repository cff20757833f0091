-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Error objects: S.t.error, a struct of one int.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local types = import 'core/types'
local E = S.E

ffi.cdef [[char *syscall_strerror(int errnum) __asm__("strerror");]]

-- Of numbers with several names, the one that is shown.
local preferred = { 'EAGAIN', 'EDEADLK', 'ENODATA', 'EOPNOTSUPP' }
local names = {}
for name, number in pairs(E) do names[number] = name end
for _, name in ipairs(preferred) do names[E[name]] = name end

local numbers = {}
local function number_of (key)
  local number = numbers[key]
  if number == nil then
    local upper = key:upper()
    number = E[upper] or E['E' .. upper] or false
    numbers[key] = number
  end
  return number
end

local function message (number)
  return ffi.string(ffi.C.syscall_strerror(number))
end

local error_type = ffi.typeof 'struct { int errno; }'
ffi.metatype(error_type, {
  __new = function (ctype, number)
    return ffi.new(ctype, number or ffi.errno())
  end,
  __index = function (e, key)
    if type(key) ~= 'string' then return nil end
    local name = names[e.errno]
    if key == 'sym' then return name end
    if key == 'lsym' then return name and name:sub(2):lower() end
    local number = number_of(key)
    if not number then return nil end
    return e.errno == number
  end,
  __tostring = function (e) return message(e.errno) end
})
types.t.error = error_type

function S.strerror (number)
  if ffi.istype(error_type, number) then number = number.errno end
  return message(arguments.number(number, 'the number of an error'))
end

return error_type

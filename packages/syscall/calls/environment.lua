-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The variables of the environment, and the command line that others see.

local S, import = ...
local ffi = require 'ffi'
local call = import 'core/call'
local C = call.C

ffi.cdef [[
char *syscall_getenv(const char *name) __asm__("getenv");
int syscall_setenv(const char *name, const char *value, int overwrite) __asm__("setenv");
int syscall_unsetenv(const char *name) __asm__("unsetenv");
int syscall_clearenv(void) __asm__("clearenv");
extern char **syscall_environ __asm__("environ");
]]

local function text (value)
  if type(value) ~= 'string' then error('a string was expected, not a ' .. type(value), 3) end
  return value
end

function S.getenv (name)
  local value = C.syscall_getenv(text(name))
  if value == nil then return nil end
  return ffi.string(value)
end

function S.setenv (name, value, overwrite)
  local replace = (overwrite == true or overwrite == 1) and 1 or 0
  return call.bool(C.syscall_setenv(text(name), text(value), replace))
end

function S.unsetenv (name) return call.bool(C.syscall_unsetenv(text(name))) end
function S.clearenv () return call.bool(C.syscall_clearenv()) end

function S.environ ()
  local variables = {}
  local list = C.syscall_environ
  if list == nil then return variables end
  local i = 0
  while list[i] ~= nil do
    local name, value = ffi.string(list[i]):match('^(.-)=(.*)$')
    if name then variables[name] = value end
    i = i + 1
  end
  return variables
end

-- The memory that the kernel shows as arguments, and that of the environment behind it.
local area
local function find_area ()
  if area then return area end
  local stat, err = S.readfile('/proc/self/stat')
  if not stat then return nil, err end
  local fields = {}
  -- The name of the program, in parentheses, may have spaces.
  for word in stat:match('.*%) (.*)'):gmatch('%S+') do fields[#fields + 1] = word end
  local function address (field) return tonumber(fields[field - 2]) end
  local first, last, env_first, env_last = address(48), address(49), address(50), address(51)
  if not last or first == 0 then return call.fail(S.E.EPERM) end
  area = { first = first, size = last - first, room = last - first }
  if env_first == last then area.room = env_last - first end
  return area
end

-- A text longer than the old arguments is written over the environment, whose variables move elsewhere first. The
-- kernel then shows it up to its first zero.
function S.setcmdline (...)
  local text = table.concat({ ... }, '\0')
  local found, err = find_area()
  if not found then return nil, err end
  local memory = ffi.cast('char *', found.first)
  if #text >= found.size and not found.moved then
    local variables = S.environ()
    S.clearenv()
    for name, value in pairs(variables) do S.setenv(name, value, true) end
    found.moved = true
  end
  local length = math.min(#text, found.room - 1)
  ffi.fill(memory, found.moved and found.room or found.size)
  ffi.copy(memory, text, length)
  return true
end

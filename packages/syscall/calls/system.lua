-- SPDX-License-Identifier: MIT OR BSL-1.0
-- The system as a whole: names, state, the kernel's log, restarting, calls by number.

local S, import = ...
local ffi = require 'ffi'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local C, nr = call.C, call.numbers

ffi.cdef [[
int sys_uname(long, void *name) __asm__("syscall");
int sys_sethostname(long, const char *name, size_t length) __asm__("syscall");
int sys_sysinfo(long, void *info) __asm__("syscall");
int sys_syslog(long, int type, char *buffer, int length) __asm__("syscall");
int sys_reboot(long, int magic1, int magic2, unsigned int command, const char *argument) __asm__("syscall");
int sys_any(long, intptr_t, intptr_t, intptr_t, intptr_t, intptr_t, intptr_t) __asm__("syscall");
]]

local names = { 'sysname', 'nodename', 'release', 'version', 'machine', 'domainname' }

function S.uname ()
  local name = types.t.utsname()
  local ok, err = call.bool(C.sys_uname(nr.uname, name))
  if not ok then return nil, err end
  local result = {}
  for _, member in ipairs(names) do result[member] = ffi.string(name[member]) end
  return result
end

function S.gethostname ()
  local name, err = S.uname()
  if not name then return nil, err end
  return name.nodename
end

function S.getdomainname ()
  local name, err = S.uname()
  if not name then return nil, err end
  return name.domainname
end

local function set_name (number, name)
  if type(name) ~= 'string' then error('a name was expected, not a ' .. type(name), 3) end
  return call.bool(C.sys_sethostname(number, name, #name))
end

function S.sethostname (name) return set_name(nr.sethostname, name) end
function S.setdomainname (name) return set_name(nr.setdomainname, name) end

local into_sysinfo = types.into 'sysinfo'
function S.sysinfo (buffer)
  buffer = into_sysinfo(buffer)
  return call.object(C.sys_sysinfo(nr.sysinfo, buffer), buffer)
end

local reads = { [2] = true, [3] = true, [4] = true }
local counts = { [9] = true, [10] = true }
local action = flags.one('SYSLOG_ACTION_')

function S.klogctl (kind, buffer, length)
  kind = action(kind)
  if reads[kind] and not buffer then
    if not length then
      local size, err = call.number(C.sys_syslog(nr.syslog, S.SYSLOG_ACTION_SIZE_BUFFER, nil, 0))
      if not size then return nil, err end
      length = size
    end
    buffer = types.t.buffer(length)
  elseif buffer then
    types.check_room(buffer, length)
  end
  local n, err = call.number(C.sys_syslog(nr.syslog, kind, buffer, length or 0))
  if not n then return nil, err end
  if reads[kind] then return ffi.string(buffer, n) end
  if counts[kind] then return n end
  return true
end

function S.ksyslogctl (...) return S.klogctl(...) end

local reboot_command = flags.one('LINUX_REBOOT_CMD_')
function S.reboot (command, argument)
  local magic1, magic2 = bit.tobit(S.LINUX_REBOOT_MAGIC1), S.LINUX_REBOOT_MAGIC2
  return call.bool(C.sys_reboot(nr.reboot, magic1, magic2, reboot_command(command), argument))
end

-- An argument of a raw call as the register that it goes in.
local function register (value)
  if value == nil then return 0 end
  if type(value) == 'number' then return value end
  if type(value) == 'string' then return ffi.cast('intptr_t', ffi.cast('const char *', value)) end
  if type(value) == 'cdata' then
    if tonumber(value) then return ffi.cast('intptr_t', value) end
    return ffi.cast('intptr_t', ffi.cast('const void *', value))
  end
  error('an argument of a system call is a number, a string or a pointer, not a ' .. type(value), 3)
end

local call_number = function (number)
  if type(number) ~= 'string' then return number end
  local name = number:lower():gsub('^sys_', '')
  return nr[name] or error('invalid flag: SYS_' .. name, 3)
end

function S.syscall (number, a, b, c, d, e, f)
  local result = C.sys_any(call_number(number), register(a), register(b), register(c), register(d), register(e), register(f))
  return call.number(result)
end

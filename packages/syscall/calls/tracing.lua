-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Looking into another process and steering it.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local C, nr = call.C, call.numbers
local t = types.t

ffi.cdef [[
int sys_ptrace(long, long request, int pid, uintptr_t address, uintptr_t data) __asm__("syscall");
int sys_ptrace_into(long, long request, int pid, uintptr_t address, void *data) __asm__("syscall");
]]

local requests, options, signal = flags.one('PTRACE_'), flags.list('PTRACE_O_'), flags.signal

-- What the kernel puts where `data` points to.
local into = {}
for _, name in ipairs { 'PEEKTEXT', 'PEEKDATA', 'PEEKUSR' } do
  into[S['PTRACE_' .. name]] = function () return ffi.new('uint64_t[1]') end
end
into[S.PTRACE_GETEVENTMSG] = into[S.PTRACE_PEEKDATA]
into[S.PTRACE_GETSIGINFO] = function () return t.siginfo() end

-- What names of the last argument stand for.
local named = { [S.PTRACE_SETOPTIONS] = options, [S.PTRACE_SEIZE] = options }
for _, name in ipairs { 'CONT', 'SYSCALL', 'SINGLESTEP', 'DETACH', 'SYSEMU', 'LISTEN' } do
  named[S['PTRACE_' .. name]] = signal
end

local function word (value)
  if value == nil then return 0 end
  if type(value) == 'cdata' and not tonumber(value) then
    return ffi.cast('uintptr_t', ffi.cast('const void *', arguments.pointer(value, 4)))
  end
  return value
end

-- ptrace("peekdata", pid, address): the word there, of 64 bits; "getsiginfo" a siginfo, "geteventmsg" a number; others
-- true. The last argument is a signal, options, a word or a pointer, by the request.
function S.ptrace (request, pid, address, data)
  request = requests(request)
  pid = pid or 0
  local make = into[request]
  if not make then
    local convert = named[request]
    if convert then data = convert(data) end
    return call.bool(C.sys_ptrace(nr.ptrace, request, pid, word(address), word(data)))
  end
  local result = make()
  local ok, err = call.bool(C.sys_ptrace_into(nr.ptrace, request, pid, word(address), result))
  if not ok then return nil, err end
  if request == S.PTRACE_GETSIGINFO then return result end
  return request == S.PTRACE_GETEVENTMSG and tonumber(result[0]) or result[0]
end

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Signals that Lua functions handle.
--
-- A signal can come at any instruction, where no Lua may run. So what the kernel calls is a piece of machine code
-- that counts; the functions run at the end of the system call that was interrupted, or of the next one.

local _, import = ...
local ffi = require 'ffi'

local signals = {}

-- `total` is what the machine code has counted, `seen` what was handled of it.
local state = ffi.new('struct { volatile int32_t *total; int32_t seen; }')
local none = ffi.new('int32_t[1]')
state.total = none

local seen = {}
local handlers = {}
-- By signal: what installs its handler again, after the kernel has taken it away.
local again = {}

signals.state, signals.handlers, signals.again = state, handlers, again
-- Pointed to, which does not keep it.
signals.none = none

-- By signal, how many of the handlers that run just now block it.
local held = {}
signals.held = held

function signals.deliver ()
  local total = state.total[0]
  local ran, waiting
  repeat
    ran, waiting = false, false
    for signal = 1, 64 do
      -- A handler may make system calls, at whose end others are handled.
      while seen[signal] ~= state.total[signal] do
        if (held[signal] or 0) > 0 then
          waiting = true
          break
        end
        ran = true
        seen[signal] = bit.tobit((seen[signal] or 0) + 1)
        local handler = handlers[signal]
        if handler and again[signal] then again[signal]() end
        if handler then signals.run(handler, signal) end
      end
    end
  until not ran
  -- Last, so that after an error in a handler the next call goes on.
  if not waiting then state.seen = total end
end

-- The siginfo of the last such signal.
function signals.info (signal)
  local t = import('core/types').t
  local info = t.siginfo()
  ffi.copy(info, ffi.cast('char *', state.total) + 512 + signal * 128, 128)
  return info
end

local function bytes_of (text, table_address)
  local address = ffi.new('uint64_t[1]', table_address)
  local hex = text:gsub('TABLE', function ()
    return (ffi.string(address, 8):gsub('.', function (c) return ('%02x'):format(c:byte()) end))
  end)
  return (hex:gsub('%s', ''):gsub('%x%x', function (pair) return string.char(tonumber(pair, 16)) end))
end

ffi.cdef [[
void *syscall_map(void *address, size_t length, int prot, int flags, int fd, int64_t offset) __asm__("mmap");
int syscall_protect(void *address, size_t length, int prot) __asm__("mprotect");
]]

local code

-- The addresses of the machine code: what counts, and what a handler returns to (nil where the kernel has its own).
-- The memory stays for the life of the process, because a handler may stay installed that long.
function signals.code ()
  if code then return code.handler, code.restorer end
  local arch = import('arch/' .. ffi.arch)
  local page, read, write, execute, private_anonymous = 65536, 1, 2, 4, 0x22
  local memory = ffi.C.syscall_map(nil, 2 * page, read + write, private_anonymous, -1, 0)
  if ffi.cast('intptr_t', memory) == -1 then error('sigaction: no memory for handlers', 0) end
  local counts = ffi.cast('int32_t *', memory)
  local place = ffi.cast('char *', memory) + page
  local handler = bytes_of(arch.signal_handler, ffi.cast('uint64_t', ffi.cast('uintptr_t', counts)))
  ffi.copy(place, handler, #handler)
  code = { handler = ffi.cast('void *', place) }
  if arch.signal_return then
    local restorer = bytes_of(arch.signal_return, 0)
    ffi.copy(place + 256, restorer, #restorer)
    code.restorer = ffi.cast('void *', place + 256)
  end
  if ffi.C.syscall_protect(place, page, read + execute) ~= 0 then error('sigaction: no executable memory', 0) end
  for signal = 1, 64 do seen[signal] = 0 end
  state.total, state.seen = counts, 0
  return code.handler, code.restorer
end

return signals

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What happens when a signal comes, the mask of blocked ones, waiting for one.

local S, import = ...
local ffi = require 'ffi'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local signals = import 'core/signals'
local C, nr = call.C, call.numbers
local t = types.t

ffi.cdef [[
int sys_rt_sigaction(long, int signal, const void *new, void *old, size_t size) __asm__("syscall");
int sys_rt_sigprocmask(long, int how, const void *set, void *old, size_t size) __asm__("syscall");
int sys_rt_sigpending(long, void *set, size_t size) __asm__("syscall");
int sys_rt_sigsuspend(long, const void *set, size_t size) __asm__("syscall");
int sys_ppoll_nothing(long, void *fds, unsigned long count, const void *timeout, const void *mask, size_t size)
  __asm__("syscall");
]]

-- The size of the kernel's sets.
local set_size = 8
local signal = flags.signal
local action_flags, how_flags = flags.list('SA_'), flags.one('SIG_')

-- "ign", "dfl" or their numbers; others that begin with SIG_ are something else.
local dispositions = { [''] = S.SIG_DFL, DFL = S.SIG_DFL, IGN = S.SIG_IGN, [S.SIG_DFL] = S.SIG_DFL, [S.SIG_IGN] = S.SIG_IGN }

local function disposition_of (given)
  if given == nil then return S.SIG_DFL end
  if type(given) == 'string' then given = given:match('^%s*(.-)%s*$'):upper():gsub('^SIG_', '') end
  if type(given) ~= 'string' and type(given) ~= 'number' then
    error('a handler is a function, "ign" or "dfl", not a ' .. type(given), 4)
  end
  return dispositions[given] or error('invalid flag: SIG_' .. given, 4)
end

-- A set of what stands for one; nil for nil.
local function to_set (set)
  if set == nil or ffi.istype(t.sigset, set) then return set end
  return t.sigset(set)
end

-- The Lua functions of actions that were read, so that they can be put back.
local functions = setmetatable({}, { __mode = 'k' })

local function to_number (handler) return tonumber(ffi.cast('intptr_t', handler)) end

local function action_of (handler, mask, how)
  local action = t.sigaction()
  local f
  if type(handler) == 'table' then
    mask, how = handler.mask, handler.flags
    handler = handler.handler
  end
  if ffi.istype(t.sigaction, handler) then
    ffi.copy(action, handler, ffi.sizeof(action))
    f = functions[handler]
  else
    action.sa_flags = action_flags(how) % 2^32
    if mask ~= nil then action.sa_mask = to_set(mask) end
    if type(handler) == 'function' then
      f = handler
    elseif type(handler) == 'cdata' then
      action.sa_handler = handler
    else
      action.sa_handler = ffi.cast('void (*)(int)', ffi.cast('intptr_t', disposition_of(handler)))
    end
  end
  if f then
    action.sa_handler = ffi.cast('void (*)(int)', (signals.code()))
    action.sa_flags = bit.bor(action.sa_flags, S.SA_SIGINFO)
  end
  -- On x86-64 the kernel leaves to the program what a handler returns to.
  if to_number(action.sa_handler) > 1 and ffi.arch == 'x64' then
    local _, restorer = signals.code()
    action.sa_restorer = restorer
    action.sa_flags = bit.bor(action.sa_flags, S.SA_RESTORER)
  end
  return action, f
end

-- A fault would happen again and again, since the function is not called where it happens. So these handlers are good
-- for one signal, which kills the process if it comes again before a call has run the function.
local faults = { [S.SIGSEGV] = true, [S.SIGBUS] = true, [S.SIGILL] = true, [S.SIGFPE] = true, [S.SIGTRAP] = true }

local function once_each (number, action)
  if bit.band(action.sa_flags, S.SA_RESETHAND) ~= 0 then return nil end
  action.sa_flags = bit.bor(action.sa_flags, S.SA_RESETHAND)
  return function () C.sys_rt_sigaction(nr.rt_sigaction, number, action, nil, set_size) end
end

-- By signal, what is blocked while its function runs.
local blocked = {}

local function blocked_by (number, action)
  local set, list = t.sigset(action.sa_mask), {}
  if bit.band(action.sa_flags, S.SA_NODEFER) == 0 then set:add(number) end
  for i = 1, 64 do
    if set[i] then list[#list + 1] = i end
  end
  return { set = set, list = list }
end

local function hold (list, change)
  for _, number in ipairs(list) do signals.held[number] = (signals.held[number] or 0) + change end
end

function signals.run (handler, number)
  local info, set, list = signals.info(number), blocked[number].set, blocked[number].list
  if #list == 0 then return handler(number, info) end
  local before = t.sigset()
  C.sys_rt_sigprocmask(nr.rt_sigprocmask, S.SIG_BLOCK, set, before, set_size)
  hold(list, 1)
  local ok, err = pcall(handler, number, info)
  hold(list, -1)
  C.sys_rt_sigprocmask(nr.rt_sigprocmask, S.SIG_SETMASK, before, nil, set_size)
  if not ok then error(err, 0) end
end

function S.sigaction (name, handler, mask, how)
  local number = signal(name)
  local old = t.sigaction()
  local old_function, old_again, old_blocked = signals.handlers[number], signals.again[number], blocked[number]
  local new
  if handler ~= nil then
    local f
    new, f = action_of(handler, mask, how)
    if f then signals.handlers[number], blocked[number] = f, blocked_by(number, new) end
    local install_again = f and faults[number] and once_each(number, new) or nil
    local ok, err = call.bool(C.sys_rt_sigaction(nr.rt_sigaction, number, new, old, set_size))
    if not ok then
      signals.handlers[number], blocked[number] = old_function, old_blocked
      return nil, err
    end
    signals.handlers[number], signals.again[number] = f, install_again
  else
    local ok, err = call.bool(C.sys_rt_sigaction(nr.rt_sigaction, number, nil, old, set_size))
    if not ok then return nil, err end
  end
  local own = S.SA_RESTORER
  if to_number(old.sa_handler) > 1 and to_number(old.sa_handler) == to_number((signals.code())) then
    functions[old] = old_function
    own = own + S.SA_SIGINFO + (old_again and S.SA_RESETHAND or 0)
  end
  old.sa_flags = bit.band(old.sa_flags, bit.bnot(0ULL + own))
  return old
end

function S.signal (name, disposition)
  local ok, err = S.sigaction(name, disposition == nil and 'dfl' or disposition)
  if not ok then return nil, err end
  return true
end

function S.sigprocmask (how, set)
  local new, old = to_set(set), t.sigset()
  return call.object(C.sys_rt_sigprocmask(nr.rt_sigprocmask, how_flags(how), new, old, set_size), old)
end

function S.sigpending ()
  local set = t.sigset()
  return call.object(C.sys_rt_sigpending(nr.rt_sigpending, set, set_size), set)
end

function S.sigsuspend (set)
  return call.bool(C.sys_rt_sigsuspend(nr.rt_sigsuspend, to_set(set), set_size))
end

-- pause, which newer architectures do not have.
function S.pause ()
  return call.bool(C.sys_ppoll_nothing(nr.ppoll, nil, 0, nil, nil, set_size))
end

return { to_set = to_set, set_size = set_size }

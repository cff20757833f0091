-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Terminals and pseudoterminals, which the kernel knows as ioctls.

local S, import = ...
local ffi = require 'ffi'
local arguments = import 'core/arguments'
local types = import 'core/types'
local flags = import 'core/flags'
local call = import 'core/call'
local descriptors = import 'core/descriptors'
local t = types.t
local C, nr = call.C, call.numbers

ffi.cdef [[
int sys_ioctl(long, int fd, unsigned long request, void *argument) __asm__("syscall");
int sys_ioctl_number(long, int fd, unsigned long request, long argument) __asm__("syscall");
]]

local function control (fd, request, argument)
  return call.bool(C.sys_ioctl(nr.ioctl, descriptors.fileno(fd), request, argument))
end

local function control_number (fd, request, argument)
  return call.bool(C.sys_ioctl_number(nr.ioctl, descriptors.fileno(fd), request, argument))
end

local function control_int (fd, request)
  local value = ffi.new('int[1]')
  local ok, err = control(fd, request, value)
  if not ok then return nil, err end
  return value[0]
end

function S.posix_openpt (how) return S.open('/dev/ptmx', how) end

-- The kernel gives the slave to who opened the master; this only checks that it is one.
function S.grantpt (fd)
  local number, err = control_int(fd, S.TIOCGPTN)
  if not number then return nil, err end
  return true
end

function S.unlockpt (fd) return control(fd, S.TIOCSPTLCK, ffi.new('int[1]')) end

function S.ptsname (fd)
  local number, err = control_int(fd, S.TIOCGPTN)
  if not number then return nil, err end
  return '/dev/pts/' .. number
end

function S.isatty (fd)
  local ok, err = S.tcgetattr(fd)
  if not ok then return nil, err end
  return true
end

local codes, bauds = {}, {}
for baud in ([[
  0 50 75 110 134 150 200 300 600 1200 1800 2400 4800 9600 19200 38400 57600 115200 230400 460800 500000 576000 921600
  1000000 1152000 1500000 2000000 2500000 3000000 3500000 4000000
]]):gmatch('%d+') do
  codes[tonumber(baud)] = S['B' .. baud]
  bauds[S['B' .. baud]] = tonumber(baud)
end

-- The kernel has 19 control characters and no speeds apart from the code in c_cflag.
local modes = { 'c_iflag', 'c_oflag', 'c_cflag', 'c_lflag', 'c_line' }
local control_characters = 19

function S.tcgetattr (fd)
  local raw = t.kernel_termios()
  local ok, err = control(fd, S.TCGETS, raw)
  if not ok then return nil, err end
  local termios = t.termios()
  for _, name in ipairs(modes) do termios[name] = raw[name] end
  ffi.copy(termios.c_cc, raw.c_cc, control_characters)
  local speed = bit.band(raw.c_cflag, S.CBAUD)
  termios.c_ispeed, termios.c_ospeed = speed, speed
  return termios
end

local function check_termios (termios)
  if not ffi.istype(t.termios, termios) then error('a termios was expected', 3) end
end

local when = flags.one('TCSA')
function S.tcsetattr (fd, moment, termios)
  check_termios(termios)
  local raw = t.kernel_termios()
  for _, name in ipairs(modes) do raw[name] = termios[name] end
  ffi.copy(raw.c_cc, termios.c_cc, control_characters)
  return control(fd, S.TCSETS + when(moment), raw)
end

function S.tcsendbreak (fd, duration)
  if duration == nil or arguments.number(duration, 'a duration') <= 0 then return control_number(fd, S.TCSBRK, 0) end
  return control_number(fd, S.TCSBRKP, math.ceil(duration / 100))
end

function S.tcdrain (fd) return control_number(fd, S.TCSBRK, 1) end

local queue = flags.one('TC')
function S.tcflush (fd, which) return control_number(fd, S.TCFLSH, queue(which)) end
function S.tcflow (fd, action) return control_number(fd, S.TCXONC, queue(action)) end
function S.tcgetsid (fd) return control_int(fd, S.TIOCGSID) end
function S.tcgetpgrp (fd) return control_int(fd, S.TIOCGPGRP) end
function S.tcsetpgrp (fd, group) return control(fd, S.TIOCSPGRP, ffi.new('int[1]', group)) end

function S.tcgetwinsize (fd)
  local size = t.winsize()
  local ok, err = control(fd, S.TIOCGWINSZ, size)
  if not ok then return nil, err end
  return size
end

-- A winsize, or {rows, columns}.
function S.tcsetwinsize (fd, size)
  if not ffi.istype(t.winsize, size) then size = t.winsize(size) end
  return control(fd, S.TIOCSWINSZ, size)
end

local function without (flags_of, ...)
  for _, name in ipairs { ... } do flags_of = bit.band(flags_of, bit.bnot(S[name])) end
  return flags_of
end

function S.cfmakeraw (termios)
  check_termios(termios)
  termios.c_iflag = without(termios.c_iflag, 'IGNBRK', 'BRKINT', 'PARMRK', 'ISTRIP', 'INLCR', 'IGNCR', 'ICRNL', 'IXON')
  termios.c_oflag = without(termios.c_oflag, 'OPOST')
  termios.c_lflag = without(termios.c_lflag, 'ECHO', 'ECHONL', 'ICANON', 'ISIG', 'IEXTEN')
  termios.c_cflag = bit.bor(without(termios.c_cflag, 'CSIZE', 'PARENB'), S.CS8)
  termios.c_cc[S.VMIN], termios.c_cc[S.VTIME] = 1, 0
  return true
end

local function code_of (baud)
  return codes[baud] or error('unknown speed: ' .. tostring(baud), 3)
end

local function set_speed (termios, code)
  termios.c_cflag = bit.bor(bit.band(termios.c_cflag, bit.bnot(S.CBAUD)), code)
end

local function baud_of (code)
  return bauds[code] or error('unknown speed: code ' .. code, 3)
end

function S.cfgetospeed (termios)
  check_termios(termios)
  return baud_of(bit.band(termios.c_cflag, S.CBAUD))
end

function S.cfgetispeed (termios)
  check_termios(termios)
  return baud_of(termios.c_ispeed)
end

function S.cfsetospeed (termios, baud)
  check_termios(termios)
  local code = code_of(baud)
  set_speed(termios, code)
  termios.c_ospeed = code
  return true
end

-- Linux has one speed for both directions; 0 means that of the output.
function S.cfsetispeed (termios, baud)
  check_termios(termios)
  local code = code_of(baud)
  if baud ~= 0 then set_speed(termios, code) end
  termios.c_ispeed = code
  return true
end

function S.cfsetspeed (termios, baud)
  check_termios(termios)
  local code = code_of(baud)
  set_speed(termios, code)
  termios.c_ispeed, termios.c_ospeed = code, code
  return true
end

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Terminals: size, speeds, sessions and groups in the foreground.
-- env: EMILUA_PATH=$DIR/../../packages:$DIR
-- env: LUA_PATH=$DIR/../../packages/?/init.lua;$DIR/?/init.lua
-- needs: pty
local S = require 'syscall'
local child = require('child').child
local t = S.t
local function sym (ok, err) return ok and 'ok' or err.sym end

local master = assert(S.posix_openpt('rdwr, noctty'))
assert(master:grantpt())
assert(master:unlockpt())
local slave = assert(S.open(master:ptsname(), 'rdwr, noctty'))
print(S.isatty(slave), S.isatty(master), sym(S.isatty(assert(S.open('/dev/null')))))

print(slave:tcsetwinsize { 33, 101 }, master:tcgetwinsize().ws_row, master:tcgetwinsize().ws_col)
print(master:tcsetwinsize(t.winsize(1, 2)), slave:tcgetwinsize().ws_row, slave:tcgetwinsize().ws_col, sym(S.tcgetwinsize(S.open('/dev/null'))))

local tio = assert(slave:tcgetattr())
print(tio:cfsetospeed(9600), tio:cfgetospeed(), tio:cfsetispeed(2400), tio:cfgetispeed(), tio:cfsetspeed(115200), tio:cfgetospeed())
print((pcall(tio.cfsetspeed, tio, 31)), (select(2, pcall(tio.cfsetospeed, tio, 31)):match('unknown speed: 31')))

-- Who reads what: the line discipline, and without it.
assert(slave:tcsetattr('now', tio))
print(master:write('abc\n'), slave:read(), master:read() == 'abc\r\n')
tio:cfmakeraw()
print(slave:tcsetattr('flush', tio), master:write('x\3'), slave:read(), slave:write('a\nb'), master:read())
print(master:write('thrown away'), slave:tcflush('iflush'), slave:nonblock(), sym(slave:read()), slave:block())
print(slave:tcflow('ooff'), slave:tcflow('oon'), slave:tcdrain(), slave:tcsendbreak(), slave:tcsendbreak(200))

-- A session of its own, whose terminal this is.
print(child(function (say)
  local session = assert(S.setsid())
  say(S.ioctl(slave, S.TIOCSCTTY, 0), slave:tcgetsid() == session, master:tcgetsid() == session)
  say(slave:tcgetpgrp() == session, slave:tcsetpgrp(session), sym(slave:tcsetpgrp(1)), S.getsid() == session)
  -- The end of the line interrupts the group in the foreground, when the
  -- kernel's own worker comes to it.
  local interrupted = false
  S.sigprocmask('block', 'int')
  S.sigaction('int', function () interrupted = true end)
  local cooked = slave:tcgetattr()
  cooked.c_lflag = bit.bor(cooked.c_lflag, S.ISIG)
  slave:tcsetattr('now', cooked)
  master:write('\3')
  say(sym(S.sigsuspend('usr2')), interrupted)
  S.sigaction('hup', 'ign')
end))

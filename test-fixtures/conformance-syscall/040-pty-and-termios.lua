-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- needs: pty
-- a pseudoterminal: attributes, raw mode, speeds, echo, sessions
local S = require 'syscall'

local m = assert(S.posix_openpt('rdwr, noctty'))
print(m:grantpt(), m:unlockpt())
local name = assert(m:ptsname())
print(name:match('^/dev/pts/%d+$') ~= nil)
local s = assert(S.open(name, 'rdwr, noctty'))
print(s:stat().ischr, s:stat().ino == S.stat(name).ino)

local function on(field, c) return bit.band(field, c) ~= 0 end
local tio = assert(s:tcgetattr())
print(on(tio.c_lflag, S.ICANON), on(tio.c_lflag, S.ECHO), on(tio.c_iflag, S.ICRNL), on(tio.c_oflag, S.OPOST), on(tio.c_cflag, S.CREAD))
print(tio.c_cc[S.VINTR], tio.c_cc[S.VEOF], tio:cfgetospeed(), S.cfgetispeed(tio))

-- canonical mode: lines, carriage return made a newline, echo to the master
print(m:write('one\rtwo\r'), s:read() == 'one\n', s:read() == 'two\n', m:read() == 'one\r\ntwo\r\n')
print(s:write('out\n'), m:read() == 'out\r\n')
print(m:write('\4'), s:read() == '')                     -- end of file character

-- speeds in baud
print(tio:cfsetspeed(115200), tio:cfgetispeed(), tio:cfgetospeed())
print(S.cfsetospeed(tio, 9600), tio:cfgetospeed())
print((pcall(tio.cfsetspeed, tio, 12345)))

-- raw mode
print(tio:cfmakeraw(), on(tio.c_lflag, S.ICANON), on(tio.c_lflag, S.ECHO), on(tio.c_oflag, S.OPOST), on(tio.c_cflag, S.CS8))
print(s:tcsetattr('now', tio), s:tcgetattr():cfgetospeed(), on(s:tcgetattr().c_lflag, S.ICANON))
print(m:write('raw\r\3'), s:read() == 'raw\r\3')
print(s:write('x\n'), m:read() == 'x\n')
tio.c_lflag = bit.bor(tio.c_lflag, S.ECHO)
print(s:tcsetattr('TCSAFLUSH', tio), m:write('e'), m:read() == 'e', s:read())
print(s:tcsetattr(S.TCSADRAIN, tio))

-- queues and flow
print(s:tcdrain(), s:tcflush('iflush'), s:tcflush('ioflush'), s:tcsendbreak(0))
print(s:tcflow('ooff'), s:tcflow('oon'), s:tcflow('ioff'), s:tcflow('ion'))
assert(m:write('lost'))
print(S.tcflush(s, 'TCIFLUSH'), S.poll({{fd = s, events = 'in'}}, 0)[1].revents)

-- errors
local function sym(ok, err) return ok and 'ok' or err.sym end
local null = assert(S.open('/dev/null', 'rdwr'))
print(sym(null:tcgetattr()), sym(S.tcsetattr(null, 'now', tio)), sym(null:tcdrain()), sym(null:tcflush('iflush')))
print((pcall(s.tcsetattr, s, 'later', tio)), (pcall(s.tcflush, s, 'everything')), sym(S.tcgetattr(1000)))
print(m:close(), s:read() == '', s:close())

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What programs of 2012 assume of names, sizes, constructors and texts.
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
local S = require 'syscall'
local ffi = require 'ffi'
local t, pt = S.t, S.pt
local wrong, count = {}, 0
local function check (fact, holds)
  count = count + 1
  if not holds then wrong[#wrong + 1] = fact end
end
local function said (text, f, ...) return tostring(select(2, pcall(f, ...))):find(text, 1, true) ~= nil end

-- sizes, those of one processor
local sizes = {
  iovec = 16, msghdr = 56, cmsghdr = 16, ucred = 12, rlimit = 16, sysinfo = 112, utsname = 390, timex = 208, statfs = 120,
  ustat = 32, epoll_event = 12, signalfd_siginfo = 128, sigaction = 152, iocb = 64, io_event = 32, seccomp_data = 64,
  fdset = 128, nlmsghdr = 16, rtgenmsg = 1, ifinfomsg = 16, ifaddrmsg = 8, rtattr = 4, nlmsgerr = 20,
  rtnl_link_stats = 92, ifa_cacheinfo = 16, fdb_entry = 16, ifreq = 40, sockaddr = 16, sockaddr_storage = 128,
  sockaddr_in6 = 28, sockaddr_un = 110, stat = 144, siginfo = 128, sigset = 128, termios = 60, pollfd = 8, fd = 8
}
for name, size in pairs(sizes) do check('size of ' .. name, S.sizeof(t[name]) == size or ffi.arch ~= 'x64') end
for name in ([[
  char uchar int uint int32 uint32 int64 uint64 long ulong uintptr off loff sa_family clockid fdmask sighandler int1 int2
  int64_1 uint64_1 socklen1 off1 loff1 timespec2 buffer ints string_array epoll_events io_events iocbs iocb_ptrs
]]):gmatch('%S+') do check('type ' .. name, t[name] ~= nil) end
for name in ([[
  void char uchar int uint nlmsghdr rtattr ifinfomsg ifaddrmsg nlmsgerr cmsghdr fdb_entry signalfd_siginfo linux_dirent64
  inotify_event ucred
]]):gmatch('%S+') do check('cast ' .. name, pcall(pt[name], t.buffer(8))) end

-- objects and numbers of the module
check('standard ones', S.stdin.fileno == 0 and S.stdout.fileno == S.STDOUT_FILENO and S.stderr.fileno == S.STDERR_FILENO)
check('addresses', tostring(S.INADDR_LOOPBACK) == '127.0.0.1' and tostring(S.in6addr_loopback) == '::1')
check('broadcast', tostring(S.INADDR_BROADCAST) == '255.255.255.255' and tostring(S.in6addr_any) == '::')
check('by family', S.addrtype[S.AF_INET] == t.in_addr and S.encapnames[S.ARPHRD_LOOPBACK] == 'Local Loopback')
check('pointer', S.pointer(0) == nil and S.sizeof(t.buffer(7)) == 7 and S.sizeof('int') == 4)
check('errors', S.E.EALREADY == 114 and S.E.EHWPOISON == 133 and S.E.ENOTSUP == 95 and S.E.ENOATTR == S.E.ENODATA)
check('large ones', S.CLONE_IO == 0x80000000 and S.IN_ONESHOT == 0x80000000 and S.O_LARGEFILE == 0)
check('strings', S.SYSFS_BRIDGE_FDB == 'brforward' and S.SYSFS_BRIDGE_PORT_SUBDIR == 'brif' and S.SYS_clock_nanosleep ~= nil)
check('no types, no c', S.types == nil and S.c == nil)

-- error objects
local e = t.error(2)
check('names of errors', e.ENOENT and e.noent and e.NoEnt and e.enoent and e.sym == 'ENOENT' and e.lsym == 'noent')
check('unknown errors', tostring(t.error(9999)) == 'Unknown error 9999' and t.error(9999).sym == nil and e.nosuch == nil)
check('errors as values', type(e) == 'cdata' and select(2, pcall(assert, nil, e)) == e)

-- texts of mistakes
check('list', said('invalid flag: fake', S.open, '/', 'rdonly, fake'))
check('one', said('invalid flag: SEEK_FAKE', S.lseek, 0, 0, 'fake'))
check('signal', said('invalid signal: fake', t.sigset, 'usr1, fake'))
check('access', said('invalid access flag', S.access, '/', 'q'))
check('speed', said('unknown speed: 7', S.cfsetspeed, t.termios(), 7))
check('method', said('has no member', function () return S.stdin.nosuch end))

-- constructors
local address = t.sockaddr_in(80, '1.2.3.4')
address.port = 81
check('sockaddr_in', address.port == 81 and address.sin_port == S.htons(81) and address.nosuch == nil)
check('no address', select('#', t.sockaddr_in(80, 'x')) == 0 and t.in_addr('x') == nil and t.in6_addr('x') == nil)
check('sockaddr_nl', t.sockaddr_nl(5, 6).pid == 5 and t.sockaddr_nl(5, 6).groups == 6)
local given = { interval = 1, value = { 2, 3 } }
check('itimerspec', t.itimerspec(given).value.nsec == 3 and given.interval == 1)
check('times', t.timespec(1.9999999999).nsec == 999999999 and t.timeval(1, 2, 3).time == 1)
check('sets', t.sigset():add('usr1, usr2'):del('usr2').usr1 and t.sigset().isemptyset and t.sigset():add(5).trap)
check('modes', S.mode('IRUSR, S_IWUSR') == 384 and S.mode() == 0 and S.mode('') == 0)
check('bytes', S.htonl(0x01020304) == 0x04030201 and S.ntohl(0x80) == -2147483648)
check('devices', S.makedev(1, 5) == 261 and S.major(S.makedev(2^10, 2^18 + 1)) == 2^10 and S.minor(S.makedev(2^10, 2^18 + 1)) == 2^18 + 1)
print(count, table.concat(wrong, ', '))

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- addresses as objects: in_addr, in6_addr, sockaddr_in, sockaddr_in6, conversions
local S = require 'syscall'
local t = S.t

print(t.in_addr('127.0.0.1'), tostring(t.in_addr('255.255.255.255')), tostring(t.in_addr()))
print((t.in_addr('not an address')), (S.inet_aton('300.1.1.1')))
local a = S.inet_aton('1.2.3.4')
print(S.inet_ntoa(a), a.s_addr == S.htonl(0x01020304), tostring(S.inet_aton('10.1')))
print(tostring(S.INADDR_ANY), tostring(S.INADDR_LOOPBACK), tostring(S.INADDR_BROADCAST))
print(tostring(S.in6addr_any), tostring(S.in6addr_loopback))
print(tostring(t.in6_addr('2001:DB8::8:800:200C:417A')), tostring(t.in6_addr()), (t.in6_addr(':::')))

print(S.inet_ntop('inet', a), S.inet_ntop(S.AF_INET, a), S.inet_ntop('AF_INET6', S.in6addr_loopback))
print(tostring(S.inet_pton('inet', '9.8.7.6')), tostring(S.inet_pton('inet6', 'fe80::1')))
print((S.inet_pton('inet', '9.8.7')), (S.inet_pton('inet6', '1:2')))
local own = t.in_addr()
print(S.inet_pton('inet', '4.3.2.1', own) == own, tostring(own))
local r, err = S.inet_ntop('unix', a)
print(r, err.afnosupport)

-- byte order
print(S.htons(0x1234) == 0x3412, S.ntohs(S.htons(80)), S.htonl(1), S.ntohl(S.htonl(123456)))

-- socket addresses
local sa = t.sockaddr_in(8080, '192.0.2.7')
print(sa.family == S.AF_INET, sa.port, tostring(sa.addr), sa.sin_port == S.htons(8080), tostring(sa.sin_addr))
sa.port = 443
print(sa.port, S.ntohs(sa.sin_port))
print(t.sockaddr_in(0, a).port, tostring(t.sockaddr_in(0, a).addr), tostring(t.sockaddr_in(1).addr))
print((t.sockaddr_in(80, 'bogus')), (t.sockaddr_in6(80, 'bogus')))
local s6 = t.sockaddr_in6(1234, '2002::4:5', 7, 3)
print(s6.family == S.AF_INET6, s6.port, tostring(s6.addr), s6.sin6_flowinfo, s6.sin6_scope_id)
s6.port = 99
print(s6.port, tostring(t.sockaddr_in6(1, S.in6addr_any).sin6_addr))

-- sizes, and the generic types
print(S.sizeof(t.sockaddr), S.sizeof(t.sockaddr_in), S.sizeof(t.sockaddr_in6), S.sizeof(t.sockaddr_un))
print(S.sizeof(t.sockaddr_nl), S.sizeof(t.sockaddr_storage))
local ss = t.sockaddr_storage()
S.copy(ss, sa, S.sizeof(t.sockaddr_in))
print(ss.family == S.AF_INET, t.sockaddr_nl().family == S.AF_NETLINK)

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
-- reading interfaces and addresses through netlink
local S = require 'syscall'

local links = assert(S.getlink())
local lo = links.lo
print(#links >= 1, lo ~= nil, lo.name, lo.index == S.if_nametoindex('lo'))
local found = 0
for i = 1, #links do if links[i].name == 'lo' and links[i] == lo then found = found + 1 end end
print(found)
print(lo.loopback, lo.LOOPBACK, lo.ARPHRD_LOOPBACK, lo.ether, lo.nosuchtype)
print(lo.type == S.ARPHRD_LOOPBACK, lo.typename, lo.family, type(lo.change))
print(lo.mtu > 1000, lo.addrlen, tostring(lo.macaddr), tostring(lo.broadcast))
print(type(lo.qdisc), type(lo.setflags), lo.stats.rx_packets == lo.stats.tx_packets, lo.stats.rx_errors)
print(lo.flags.loopback, lo.flags.IFF_LOOPBACK, lo.flags.LOOPBACK, lo.flags.broadcast, lo.flags.pointopoint, lo.flags.nosuchflag)
print(tostring(lo.flags):find('LOOPBACK', 1, true) ~= nil, type(lo.flags.flags))
print(lo.ifinfo.ifi_index == lo.index)

-- by hand: the flags of a name agree with the number
local n = 0
for _, f in ipairs{'UP', 'LOOPBACK', 'RUNNING', 'MULTICAST', 'LOWER_UP'} do
    if lo.flags[f] == (bit.band(lo.flags.flags, S['IFF_' .. f]) ~= 0) then n = n + 1 end
end
print(n)

-- addresses
local function of_lo(family)
    local r = {}
    for _, a in ipairs(assert(S.getaddr(family))) do
        if a.index == lo.index then r[#r + 1] = a end
    end
    return r
end
local a = of_lo('inet')
print(#a >= 1, tostring(a[1].addr), tostring(a[1].loc), a[1].prefixlen, a[1].label, a[1].family == S.AF_INET, type(a[1].scope))
print(a[1].permanent, a[1].IFA_F_PERMANENT, a[1].tentative, a[1].nosuchflag, a[1].ifaddr.ifa_prefixlen)
for _, b in ipairs(of_lo(S.AF_INET6)) do
    if b.family ~= S.AF_INET6 or not tostring(b.addr):find(':') then print('surprising', tostring(b.addr)) end
end

-- both together
local ifs = assert(S.interfaces())
print(#ifs == #links, ifs.lo.name, tostring(ifs.lo.inet[1].addr), type(ifs.lo.inet6))
print(S.interface('lo').index == lo.index, S.interface('no such name'))
local text = tostring(S.interface('lo'))
print(text:match('^lo%s+Link encap:Local Loopback\n') ~= nil)
print(text:match('inet addr: 127%.0%.0%.1/8\n') ~= nil, text:match('MTU: %d+\n') ~= nil)
print(text:match('RX packets:%d+ errors:%d+ dropped:%d+\n') ~= nil, text:match('TX packets:%d+ errors:%d+ dropped:%d+\n') ~= nil)
print(tostring(ifs):find('lo        Link', 1, true) ~= nil)

-- an unprivileged or senseless change is refused
local ok, err = S.setlink(-1, 'up')
print(ok, err.inval or err.perm)
local r, err = S.if_nametoindex('no such name')
print(r, err.nodev)

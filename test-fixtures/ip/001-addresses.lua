-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Addresses are values: they parse, compare and refuse what is not theirs.
local ip = require 'ip'
local generic_error = require 'generic_error'

local function code(f, ...)
    local ok, e = pcall(f, ...)
    if ok then return 'no error' end
    for name, value in pairs { EINVAL = generic_error.EINVAL, EAFNOSUPPORT = generic_error.EAFNOSUPPORT } do
        if e:togeneric() == value then return name .. (e.arg and ' ' .. e.arg or '') end
    end
    return tostring(e)
end

for _, text in ipairs { '', '1.2.3', '300.1.1.1', 'localhost', '::g', '127.0.0.1 ', '127.0.0.1\0' } do
    print(code(ip.address.new, text))
end
print(code(ip.address.new, 1), code(ip.address.new, {}))

local v4, v6 = ip.address.new('192.0.2.1'), ip.address.new('2001:DB8::0:1')
print(v4, v6, ip.address.new())
print(v4 == ip.address.new('192.0.2.1'), v4 == v6, v4 < v6, v6 < v4, v4 <= v4)
for _, name in ipairs {
    'is_link_local', 'is_multicast_global', 'is_multicast_link_local', 'is_multicast_node_local',
    'is_multicast_org_local', 'is_multicast_site_local', 'is_site_local', 'is_v4_mapped', 'scope_id'
} do
    print(name, code(function () return v4[name] end), v6[name])
end
print(code(function () v4.scope_id = 1 end), code(v4.to_v4, v4), code(v6.to_v6, v6), code(v6.to_v4, v6))
print(v4:to_v6(), v4:to_v6():to_v4() == v4)

local multicast = {
    node = 'ff01::1', link = 'ff02::1', site = 'ff05::1', org = 'ff08::1', global = 'ff0e::1'
}
for _, scope in ipairs { 'node', 'link', 'site', 'org' } do
    local a = ip.address.new(multicast[scope])
    print(scope, a.is_multicast, a['is_multicast_' .. scope .. '_local'], a.is_multicast_global)
end

-- A scope is part of the address.
local l = ip.address.new('fe80::1')
l.scope_id = 7
print(l.scope_id, l == ip.address.new('fe80::1'), ip.address.new('fe80::1%7').scope_id)
print(pcall(function () l.scope_id = -1 end) == false, pcall(function () l.scope_id = 1.5 end) == false, l.scope_id)
print(pcall(function () return v4.no_such_property end) == false)

-- A zone that is neither a number nor an interface is a mistake, not zone 0; nor is a larger number another zone.
for _, text in ipairs {
    'fe80::1%1', 'fe80::1%lo', 'ff02::1%lo', '2001:db8::1%5', 'fe80::1%4294967295', 'fe80::1%nosuch', 'fe80::1%', 'fe80::1%-1',
    'fe80::1%4294967296', '2001:db8::1%lo', '192.0.2.1%lo'
} do
    local ok, a = pcall(ip.address.new, text)
    print(text, ok, ok and a.scope_id or a)
end
print(pcall(ip.tcp.dial, '[fe80::1%nosuch]:80'))

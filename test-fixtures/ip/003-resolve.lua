-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Numbers are never looked up, names are; flags left out are not the empty list of flags.
local ip = require 'ip'
local asio_error = require 'asio_error'
local generic_error = require 'generic_error'

local r = ip.tcp.get_address_info(ip.address.loopback_v4(), 80)
print(#r, r[1].address, r[1].port, r[1].canonical_name)
r = ip.tcp.get_address_info('::1', '8080')
print(#r, r[1].address, r[1].port)
r = ip.udp.get_address_info('127.0.0.1', 53, { 'canonical_name' })
print(r[1].address, r[1].port, r[1].canonical_name)

-- v4_mapped is among the flags that nothing stands for, and not among none.
r = ip.tcp.get_address_v6_info('127.0.0.1', 1)
print(r[1].address, r[1].address.is_v4_mapped)
local function failing(f, ...)
    local ok, e = pcall(f, ...)
    return ok and 'no error' or e
end
print(failing(ip.tcp.get_address_v6_info, '127.0.0.1', 1, {}) == asio_error.netdb.host_not_found)
print(failing(ip.tcp.get_address_v4_info, '::1', 1) == asio_error.netdb.host_not_found)

r = ip.tcp.get_address_v4_info('localhost', 0, {})
print(r[1].address, r[1].port, r[1].canonical_name)
print(ip.udp.get_address_v4_info('localhost', 0, { 'canonical_name' })[1].canonical_name ~= nil)
print(#ip.tcp.get_address_info('', 80, { 'passive' }) > 0)
print(failing(ip.tcp.get_address_info, '127.0.0.1', 'no-such-service') == asio_error.addrinfo.service_not_found)

for _, protocol in ipairs { ip.tcp, ip.udp } do
    local names = protocol.get_name_info(ip.address.loopback_v4(), 1)
    print(#names, #names[1].host_name > 0, #names[1].service_name > 0)
end

for _, arguments in ipairs {
    { nil, 80 }, { 'localhost' }, { 1, 80 }, { 'localhost', 65536 }, { 'localhost', 1.5 }, { 'localhost', {} },
    { 'localhost', 80, 'passive' }, { 'localhost', 80, { 'no_such_flag' } }, { 'local\0host', 80 }, { 'localhost', 'ht\0tp' }
} do
    local e = failing(ip.tcp.get_address_info, arguments[1], arguments[2], arguments[3])
    print(e:togeneric() == generic_error.EINVAL, e.arg)
end

-- A lookup that was asked for and canceled leaves the fiber at once.
local f = spawn(function () return ip.tcp.get_address_info('localhost', 'http', {}) end)
this_fiber.yield()
f:cancel()
f:join()
print('joined')

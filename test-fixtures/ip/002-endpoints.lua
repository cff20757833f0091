-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Endpoints as text: an IPv6 address stands in brackets, a name is none.
local ip = require 'ip'

print(ip.tostring(ip.address.loopback_v4(), 0), ip.tostring(ip.address.any_v6(), 65535), ip.tostring(ip.address.any_v6()))
for _, text in ipairs { '127.0.0.1:80', '[::1]:65535', '[fe80::1%7]:1' } do
    local address, port = ip.toendpoint(text)
    print(address, port, ip.tostring(address, port) == text)
end
local function argument(f, ...)
    local ok, e = pcall(f, ...)
    return ok and 'no error' or tostring(e.arg)
end
for _, text in ipairs {
    '', ':', '127.0.0.1', '127.0.0.1:', '127.0.0.1:x', '127.0.0.1:65536', '127.0.0.1:-1', '127.0.0.1: 1',
    '::1:80', '[::1]', '[::1]80', '[127.0.0.1]:80', 'localhost:80'
} do
    print(argument(ip.toendpoint, text))
end
print(argument(ip.tostring, '127.0.0.1'), argument(ip.tostring, ip.address.new(), 65536), argument(ip.tostring, ip.address.new(), 1.5))
print(#ip.host_name() > 0)

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- connect() tries endpoint after endpoint, on a fresh socket each time, as its condition allows.
local ip = require 'ip'
local generic_error = require 'generic_error'
local not_found = require('asio_error').misc.not_found

local acceptor = ip.tcp.listen('127.0.0.1:0')
local dead = ip.tcp.listen('127.0.0.1:0')
local loopback = ip.address.loopback_v4()
local good = { address = loopback, port = acceptor.local_port }
local bad = { address = loopback, port = dead.local_port }
dead:close()

local function failing(...)
    local ok, e = pcall(ip.connect, ...)
    return ok and 'no error' or e
end
local s = ip.tcp.socket.new()
print(failing(s, {}) == not_found, failing(s, { good }, function () return false end) == not_found, s.is_open)
print(failing(s, { bad }):togeneric() == generic_error.ECONNREFUSED)

-- An open socket is closed first, whatever its version and its connection.
s:close()
s:open('v6')
local address, port = ip.connect(s, { bad, good })
print(address == loopback, port == acceptor.local_port, s.remote_port == port)
local before = s.local_port
ip.connect(s, { good })
print(s.local_port ~= before)

-- The condition sees nil, then what went wrong; what it skips is not tried.
local seen = {}
ip.connect(s, { bad, good, bad, good }, function (e, next_address, next_port)
    seen[#seen + 1] = (e and e:togeneric() == generic_error.ECONNREFUSED and 'refused' or tostring(e)) ..
        (next_port == good.port and ' good' or ' bad')
    return #seen ~= 2
end)
print(table.concat(seen, ', '))
print(failing(s, { good }, function () error('mine', 0) end))

local datagrams = ip.udp.socket.new()
address, port = ip.connect(datagrams, ip.udp.get_address_info('127.0.0.1', 9))
print(address, port, datagrams.remote_port)
print(failing(s).arg, failing(s, { good }, 1).arg)

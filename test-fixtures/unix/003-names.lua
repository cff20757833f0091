-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Paths, abstract names, names with NUL in them, no name, and what listen leaves alone.
local fs = require 'filesystem'
local ge = require 'generic_error'
local unix = require 'unix'

local function fails (f, ...)
  local ok, e = pcall(f, ...)
  if ok then return 'it worked' end
  for name, error in pairs { EINVAL = ge.EINVAL, EADDRINUSE = ge.EADDRINUSE, ENAMETOOLONG = ge.ENAMETOOLONG, ENOENT = ge.ENOENT,
    ECONNREFUSED = ge.ECONNREFUSED, EPROTOTYPE = ge.EPROTOTYPE, ENOTCONN = ge.ENOTCONN, EAGAIN = ge.EAGAIN } do
    if e:togeneric() == error then return name .. (e.arg and ' ' .. e.arg or '') end
  end
  return e.message
end

-- A folder, and names, of this process alone.
local folder = fs.temp_directory_path() / ('emilua-unix-names-' .. tostring(fs.read_symlink(fs.path.new('/proc/self'))))
fs.create_directory(folder)
scope_cleanup_push(function () fs.remove_all(folder) end)

-- An abstract name is every byte of it.
local id = tostring(folder)
local one, other = unix.datagram.socket.new(), unix.datagram.socket.new()
one:bind('\0' .. id:sub(-40) .. '\0a')
other:bind('\0' .. id:sub(-40) .. '\0b')
local buffer = byte_span.new(16)
one:send_to('to b', other.local_path)
local n, from = other:receive_from(buffer)
print(buffer:first(n), from == one.local_path, tostring(from) == '\0' .. id:sub(-40) .. '\0a')
one:close()
print(fails(other.send_to, other, 'x', from), fs.exists(folder / 'a'))

-- "@" is for dial and listen alone; a path is what it says.
local acceptor = unix.stream.listen('@' .. id:sub(-40))
print(tostring(acceptor.local_path) == '\0' .. id:sub(-40), unix.stream.dial('\0' .. id:sub(-40)).is_open)
print(fails(unix.stream.dial, fs.path.new('@' .. id:sub(-40))), fails(unix.seqpacket.dial, '@' .. id:sub(-40)))

-- No name, and one that the system chooses.
local a, b = unix.stream.socket.pair()
print(a.local_path.empty, b.remote_path.empty)
one = unix.datagram.socket.new()
one:bind('')
print(#tostring(one.local_path), tostring(one.local_path):byte())
one:close()
print(fails(function () return one.local_path end) ~= 'it worked')

-- What no name can be.
print(fails(unix.stream.dial, ''), fails(unix.stream.listen, ''), fails(other.send_to, other, 'x', 'a\0b'))
print(fails(other.send_to, other, 'x', ('x'):rep(109)), fails(unix.stream.listen, '@' .. ('x'):rep(108)))
local longest = unix.stream.listen('@' .. id:sub(-20) .. ('x'):rep(87))
print(#tostring(longest.local_path))
-- The kernel lets a path fill all of its 108 bytes.
local path = folder / ('y'):rep(107 - #id)
longest = unix.stream.listen(path)
print(#tostring(longest.local_path), fs.is_socket(path), unix.stream.dial(path).remote_path == path)

-- listen removes nothing, and fails where something is.
local taken = folder / 'taken'
fs.create_directory(taken)
print(fails(unix.stream.listen, tostring(taken)), fs.is_directory(taken))
local name = folder / 'sock'
unix.seqpacket.listen(name, fs.mode(6, 4, 0)):close()
print(fs.is_socket(name), ('%o'):format(fs.status(name).mode), fails(unix.seqpacket.listen, name), fails(unix.seqpacket.dial, name))
print(fails(unix.seqpacket.dial, folder / 'nobody'))

-- An abstract name has no mode.
print(unix.stream.listen('@' .. id:sub(-30) .. 'w', 0).is_open)

-- Nothing tells when a full acceptor has room.
local full = unix.stream.acceptor.new()
full:bind('')
full:listen(0)
local waiting = { unix.stream.dial(full.local_path) }
print(fails(unix.stream.dial, full.local_path))

-- Who is there.
print(fails(a.get_option, unix.stream.socket.new(), 'remote_credentials') ~= 'it worked')
local closed = unix.seqpacket.socket.new()
closed:open()
print(fails(closed.get_option, closed, 'remote_credentials'))
local who = a:get_option('remote_credentials')
print(type(who.uid), type(who.pid), #who.groups, fails(a.get_option, a, 'remote_security_labels'))

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Buffers of the program's own, whose room is known as well, and a netlink message put together by hand.
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
local ffi = require 'ffi'
local S = require 'syscall'
local t = S.t

local zero = assert(S.open('/dev/zero'))
for _, declaration in ipairs { 'char[8]', 'uint8_t[8]', 'int[2]', 'int64_t[1]', 'struct { char c[8]; }' } do
  local buffer = ffi.new(declaration)
  print(zero:read(buffer, 8), (pcall(zero.read, zero, buffer, 9)))
end
local variable = ffi.new('char[?]', 8)
print(zero:read(variable, 8), zero:read(variable + 4, 4), (pcall(zero.read, zero, variable, 9)))
local inside = ffi.new('struct { int a; char c[8]; }')
print(zero:read(inside.c, 8), (pcall(zero.read, zero, inside.c, 9)))
-- the same in compiled code
local sum = 0
for i = 1, 500 do
  sum = sum + zero:read(variable, 8) + zero:read(variable + i % 8, 1) + zero:read(inside.c, 8)
end
print(sum)

-- all directory entries in one buffer, and one call only
local entries = assert(S.getdents(S.open('/', 'directory'), t.buffer(8192), 8192, true))
print(entries.etc.dir, entries.etc.reg)

-- netlink
local s = assert(S.socket('netlink', 'raw, cloexec', 'route'))
assert(s:bind(t.sockaddr_nl()))
print(s:getsockname().family == S.AF_NETLINK, s:getsockname().pid > 0, s:seq(), s:seq())
local message = ffi.new(ffi.typeof('struct { $ header; $ body; }', t.nlmsghdr, t.rtgenmsg))
local header = message.header
header.nlmsg_len, header.nlmsg_type = ffi.sizeof(message), S.RTM_GETLINK
header.nlmsg_flags, header.nlmsg_seq = S.NLM_F_REQUEST + S.NLM_F_DUMP, s:seq()
print(s:sendto(message, ffi.sizeof(message), 0, t.sockaddr_nl()))
local links = assert(S.nlmsg_read(s, t.sockaddr_nl()))
print(links.lo.name, links[1] == links.lo or #links > 1)
header.nlmsg_type = S.RTM_GETADDR
assert(s:sendto(message, ffi.sizeof(message), 0, t.sockaddr_nl()))
print(tostring(assert(S.nlmsg_read(s, t.sockaddr_nl(), 128))[1].addr))
header.nlmsg_type = 9999
assert(s:sendto(message, ffi.sizeof(message), 0, t.sockaddr_nl()))
local ok, err = S.nlmsg_read(s, t.sockaddr_nl())
print(ok, err.EOPNOTSUPP or err.EINVAL or err.EPERM)

-- timers say what they do not know
print((pcall(t.itimerspec, { intervall = 1 })), (pcall(t.itimerval, { 1, 2, value = 3 })))

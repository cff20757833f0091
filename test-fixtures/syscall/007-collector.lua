-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Objects live as long as they are used, whenever the collector runs, and what is forgotten is closed.
-- env: EMILUA_PATH=$DIR/../../packages
-- env: LUA_PATH=$DIR/../../packages/?/init.lua
local S = require 'syscall'
local t = S.t

-- forgotten descriptors are closed, those of nogc are not
local function collect ()
  collectgarbage()
  collectgarbage()
end
local number
do
  local fd = assert(S.open('/dev/null'))
  number = fd.fileno
end
collect()
print(select(2, S.fstat(number)).badf)
do
  local fd = assert(S.open('/dev/null'))
  print(fd.fileno == number, fd:nogc())
end
collect()
print(S.fstat(number).ischr, S.close(number))
do
  local fd = assert(S.open('/dev/null'))
  S.nogc(fd)
end
collect()
print(S.fstat(number).ischr, S.close(number), S.fstat('stdin') ~= nil)

-- an object that was closed does not close its number again
do
  local fd = assert(S.open('/dev/null'))
  assert(fd:close())
  local other = assert(S.open('/dev/zero'))
  fd = nil
  collect()
  print(other:read(nil, 2) == '\0\0', other.fileno == number)
end

-- members of what is gone
local value = t.itimerspec { 1, { 2, 3 } }.value
local entry = t.pollfds { { fd = 7, events = 'in' } }[1]
local host = t.sockaddr_in(80, '1.2.3.4').addr
local vector = t.iovecs { 'kept text' }
local message = assert(S.socketpair('unix', 'stream'))
assert(message[1]:sendmsg())
local received = assert(message[2]:recvmsg())
for i = 1, 20 do
  collect()
  t.buffer(1000)
end
print(value.sec, value.nsec, entry.fileno, tostring(host), S.string(vector[1].iov_base, 9), tonumber(received.iovec[0].iov_len))

-- calls while the collector runs all the time
collectgarbage('setpause', 0)
collectgarbage('setstepmul', 1000000)
local sv = assert(S.socketpair('unix', 'stream'))
local p = assert(S.pipe())
local good = 0
for i = 1, 50 do
  local text = 'message ' .. i
  assert(sv[1]:writev { 'mess', 'age ', tostring(i) })
  if sv[2]:read() == text then good = good + 1 end
  assert(sv[1]:sendfds(p[2]))
  local r = assert(sv[2]:recvmsg())
  assert(r.fd[1]:write(text))
  if p[1]:read() == text then good = good + 1 end
  assert(r.fd[1]:close())
  local ready = S.poll({ { fd = p[2], events = 'out' }, { fd = p[1], events = 'in' } }, 0)
  if ready[1].OUT and not ready[2].IN then good = good + 1 end
  if S.stat('/').isdir and S.getcwd() and S.nanosleep(0).time == 0 then good = good + 1 end
end
print(good)

-- many descriptors, none of them kept
local limit = tonumber(S.getrlimit('nofile').rlim_cur)
S.setrlimit('nofile', 200, S.getrlimit('nofile').rlim_max)
local opened = 0
for i = 1, 1000 do
  local fd = S.open('/dev/null')
  if not fd then
    collect()
    fd = assert(S.open('/dev/null'))
  end
  opened = opened + 1
end
print(opened)
S.setrlimit('nofile', limit, S.getrlimit('nofile').rlim_max)

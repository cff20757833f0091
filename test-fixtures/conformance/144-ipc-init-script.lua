-- arg, errexit, read, write, helpers
local unix = require 'unix'
local host, guest = unix.seqpacket.socket.pair()
guest = guest:release()
local ch = spawn_vm{module = require('filesystem').path.new('/nonexistent.lua'), subprocess = {
    init = {arg = guest, script = [[
        local function say(...)
            local t = {...}
            for i = 1, #t do t[i] = tostring(t[i]) end
            C.write(arg, table.concat(t, ' '))
        end
        say(type(arg), errexit, mode(7, 5, 0))
        errexit = false
        local fd, errno = C.open('/nonexistent/x', C.O_RDONLY)
        say(fd, errno == C.ENOENT)
        local data, e = C.read(arg, 100)
        say('got', data, e)
        local old = C.umask(63)
        say('umask', (C.umask(old)))
        local msg, fd2, e2 = receive_with_fd(arg, 100)
        say(msg, fd2 >= 0, e2)
        say('fd', write_all(fd2, 'through the fd'))
        local r, e3 = send_with_fd(arg, 'take', fd2)
        C.close(fd2)
        say('sent', r, e3)
        C.read(arg, 1)
    ]]}}}
guest:close()
local buf = byte_span.new(200)
local function recv() print(buf:first(host:receive(buf))) end
recv()
recv()
host:send(byte_span.append('ping'))
recv()
recv()
local pin, pout = require('pipe').pair()
pout = pout:release()
host:send_with_fds(byte_span.append('fd follows'), {pout})
pout:close()
recv()
recv()
local n, fds = host:receive_with_fds(buf, 1)
print(buf:first(n), #fds, fds[1].type)
fds[1]:close()
recv()
print(buf:first(pin:read_some(buf)))
ch:kill()

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- A level-triggered epoll loop that answers each read with one write, as its peer in C. Prints "port N".
local S = require('syscall')
local t = S.t

local batch, size = 256, 16384
local buffer, events = t.buffer(size), t.epoll_events(batch)
local epoll = assert(S.epoll_create('cloexec'))
local listener = assert(S.socket('inet', 'stream, nonblock, cloexec'))
assert(listener:bind(t.sockaddr_in(0, '127.0.0.1')))
assert(listener:listen(4096))
assert(epoll:epoll_ctl('add', listener, 'in'))
print('port ' .. listener:getsockname().port)
if io then io.stdout:flush() end

local connections = {}

local function accept_all()
    while true do
        local accepted, err = listener:accept('nonblock, cloexec')
        if not accepted then
            assert(err.again or err.connaborted or err.intr, err)
            return
        end
        local fd = accepted.fd
        assert(fd:setsockopt('tcp', 'nodelay', true))
        assert(epoll:epoll_ctl('add', fd, 'in'))
        connections[fd.fileno] = fd
    end
end

local function serve(fd)
    local n, err = fd:recv(buffer, size)
    if n and n > 0 then
        n, err = fd:send(buffer, n, 'nosignal')
    end
    if n == 0 or (not n and not err.again) then
        connections[fd.fileno] = nil
        fd:close()
    end
end

while true do
    local ready = assert(epoll:epoll_wait(events, batch))
    for i = 1, #ready do
        local number = ready[i].fileno
        if number == listener.fileno then accept_all() else serve(connections[number]) end
    end
end

--
-- 0.7; the environment gives `ip` a PATH; without a UID mapping exec() drops every
-- capability and `ip` would be refused)
-- needs: userns iproute2
local unix = require 'unix'
local system = require 'system'
local init_script = ([[
    C.write(C.open('/proc/self/uid_map', C.O_WRONLY), '0 UID 1\n')
    local userns = C.open('/proc/self/ns/user', C.O_RDONLY)
    send_with_fd(arg, '.', userns)
    local netns = C.open('/proc/self/ns/net', C.O_RDONLY)
    send_with_fd(arg, '.', netns)

    -- sync point
    C.read(arg, 1)
]]):gsub('UID', tostring(({system.getresuid()})[2]))

local shost, sguest = unix.seqpacket.socket.pair()
sguest = sguest:release()

spawn_vm{
    subprocess = {
        newns_user = true,
        newns_net = true,
        init = { script = init_script, arg = sguest }
    }
}
sguest:close()
local ignored_buf = byte_span.new(1)
local userns = ({shost:receive_with_fds(ignored_buf, 1)})[2][1]
local netns = ({shost:receive_with_fds(ignored_buf, 1)})[2][1]
local p = system.spawn{
    program = 'ip',
    arguments = {'ip', 'link', 'set', 'dev', 'lo', 'up'},
    environment = {PATH = '/usr/sbin:/usr/bin:/sbin:/bin'},
    setns_user = userns,
    setns_net = netns
}
p:wait()
print(p.exit_code)
shost:close()

--
-- needs: userns newuidmap
local unix = require 'unix'
local system = require 'system'
local init_script = [[
    local pidfd = C.open('/proc/self', C.O_RDONLY)
    send_with_fd(arg, '.', pidfd)

    -- sync point
    C.read(arg, 1)
]]

local shost, sguest = unix.seqpacket.socket.pair()
sguest = sguest:release()

spawn_vm{
    subprocess = {
        newns_user = true,
        init = { script = init_script, arg = sguest }
    }
}
sguest:close()
local ignored_buf = byte_span.new(1)
local pidfd = ({shost:receive_with_fds(ignored_buf, 1)})[2][1]
print(pidfd.type)
for _, program in ipairs{'newuidmap', 'newgidmap'} do
    local p = system.spawn{
        program = program,
        stdout = 'share',
        stderr = 'share',
        arguments = {
            program,
            'fd:3', '0', '100000', '1001'
        },
        extra_fds = {
            [3] = pidfd
        }
    }
    p:wait()
    -- succeeds only where /etc/subuid and /etc/subgid are configured
    print(type(p.exit_code))
end

-- sync point #1
shost:send(ignored_buf)

shost:close()

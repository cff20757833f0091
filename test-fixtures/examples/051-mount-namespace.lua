-- news_pid is newns_pid; /mnt is the mount point; reports the new root
-- needs: userns pidns io_uring
local unix = require 'unix'
local system = require 'system'
local file = require 'file'
local init_script = [[
    local uidmap = C.open('/proc/self/uid_map', C.O_WRONLY)
    send_with_fd(arg, '.', uidmap)
    C.write(C.open('/proc/self/setgroups', C.O_WRONLY), 'deny')
    local gidmap = C.open('/proc/self/gid_map', C.O_WRONLY)
    send_with_fd(arg, '.', gidmap)
    C.read(arg, 1)

    -- unshare propagation events
    C.mount(nil, '/', nil, bit.bor(C.MS_REC, C.MS_PRIVATE))

    C.umask(0)
    C.mount(nil, '/mnt', 'tmpfs', 0)
    C.mkdir('/mnt/tmp', mode(7, 7, 7))

    -- pivot root
    C.mkdir('/mnt/mnt', mode(7, 5, 5))
    C.chdir('/mnt')
    C.pivot_root('.', '/mnt/mnt')
    C.chroot('.')
    C.umount2('/mnt', C.MNT_DETACH)
    errexit = false
    local function exists(p) return (C.access(p, C.F_OK)) == 0 and 'yes' or 'no' end
    C.write(arg, exists('/tmp') .. ' ' .. exists('/mnt') .. ' ' .. exists('/etc') .. ' ' .. exists('/usr'))

    -- sync point
    C.read(arg, 1)
]]
local shost, sguest = unix.seqpacket.socket.pair()
sguest = sguest:release()
local ch = spawn_vm{
    subprocess = {
        newns_user = true,
        newns_mount = true,

        -- let's go ahead and create a new
        -- PID namespace as well
        newns_pid = true,
        init = { script = init_script, arg = sguest }
    }
}
sguest:close()
local ignored_buf = byte_span.new(1)
local uidmap = byte_span.append('0 ', tostring(({system.getresuid()})[2]), ' 1\n')
file.stream.new(({shost:receive_with_fds(ignored_buf, 1)})[2][1]):write_some(uidmap)
local gidmap = byte_span.append('0 ', tostring(({system.getresgid()})[2]), ' 1\n')
file.stream.new(({shost:receive_with_fds(ignored_buf, 1)})[2][1]):write_some(gidmap)
shost:send(ignored_buf)
local buf = byte_span.new(100)
print(buf:first(shost:receive(buf)))
ch:kill()

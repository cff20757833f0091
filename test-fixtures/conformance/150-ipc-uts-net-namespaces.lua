-- hostname inside, only a loopback device that is down
-- needs: userns
local unix = require 'unix'
local ip = require 'ip'
local before = ip.host_name()
local host, guest = unix.seqpacket.socket.pair()
guest = guest:release()
local ch = spawn_vm{module = require('filesystem').path.new('/nonexistent.lua'), subprocess = {
    newns_user = true, newns_uts = true, newns_net = true,
    init = {arg = guest, script = [[
        C.sethostname('mycoolhostname')
        local function slurp(path)
            local fd = C.open(path, C.O_RDONLY)
            local all = ''
            while true do
                local s = C.read(fd, 4096)
                if not s or s == '' then break end
                all = all .. s
            end
            return all
        end
        C.write(arg, slurp('/proc/sys/kernel/hostname'))
        local devs = ''
        for name in slurp('/proc/net/dev'):gmatch('(%w+):') do devs = devs .. name .. ' ' end
        C.write(arg, devs)
        C.read(arg, 1)
    ]]}}}
guest:close()
local buf = byte_span.new(200)
print((tostring(buf:first(host:receive(buf))):gsub('%s+$', '')))
print((tostring(buf:first(host:receive(buf))):gsub('%s+$', '')))
print(ip.host_name() == before)
ch:kill()

-- Landlock ruleset from init.script
-- needs: landlock
local unix = require 'unix'
local host, guest = unix.seqpacket.socket.pair()
guest = guest:release()
local ch = spawn_vm{module = require('filesystem').path.new('/nonexistent.lua'), subprocess = {
    init = {arg = guest, script = [[
        local rules = C.landlock_create_ruleset{ handled_access_fs = {
            "execute", "write_file", "read_file", "read_dir" } }
        local usr = C.open('/usr', C.O_PATH)
        C.landlock_add_rule(rules, "path_beneath", {
            allowed_access = {"read_dir"}, parent_fd = usr })
        set_no_new_privs()
        C.landlock_restrict_self(rules)
        errexit = false
        local fd1, e1 = C.open('/etc/passwd', C.O_RDONLY)
        local fd2, e2 = C.open('/usr', bit.bor(C.O_RDONLY, C.O_DIRECTORY))
        C.write(arg, tostring(fd1) .. ' ' .. tostring(e1 == C.EACCES) .. ' ' .. tostring(fd2 >= 0))
        C.read(arg, 1)
    ]]}}}
guest:close()
local buf = byte_span.new(100)
print(buf:first(host:receive(buf)))
ch:kill()

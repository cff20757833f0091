--
-- report through init.arg)
-- needs: landlock3
local unix = require 'unix'
local init_script = [[
    local rules = C.landlock_create_ruleset{ handled_access_fs = {
        "execute", "write_file", "read_file", "read_dir", "remove_dir",
        "remove_file", "make_char", "make_dir", "make_reg", "make_sock",
        "make_fifo", "make_block", "make_sym", "refer", "truncate" } }
    set_no_new_privs()
    C.landlock_restrict_self(rules)
    errexit = false
    local fd, e = C.open('/etc/passwd', C.O_RDONLY)
    C.write(arg, fd == -1 and e == C.EACCES and 'sandboxed' or 'not sandboxed')
  ]]

local shost, sguest = unix.seqpacket.socket.pair()
sguest = sguest:release()
spawn_vm{
  subprocess = {
    init = { script = init_script, arg = sguest }
  }
}
sguest:close()
local buf = byte_span.new(32)
print(buf:first(shost:receive(buf)))

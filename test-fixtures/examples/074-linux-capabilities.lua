--
local system = require "system"
local caps = system.cap_init()
caps:set_proc()
system.cap_reset_ambient()
print(system.cap_get_proc():get_flag('cap_sys_admin', 'effective'))

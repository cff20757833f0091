--
local system = require 'system'
local r, e, s = system.getresuid()
print(type(r), type(e), type(s), select('#', system.getresgid()))
system.setresuid(-1, -1, -1)
system.setresgid(-1, -1, -1)
print(type(system.getgroups()), (pcall(system.kill, system.getpid(), 0)))
print(select(2, system.getresuid()) == e)

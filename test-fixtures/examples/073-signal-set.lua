-- completed with a raise
local system = require 'system'
local set = system.signal.set.new(system.signal.SIGTERM, system.signal.SIGINT)
spawn(function() system.signal.raise(system.signal.SIGTERM) end):detach()
print(set:wait() == system.signal.SIGTERM)

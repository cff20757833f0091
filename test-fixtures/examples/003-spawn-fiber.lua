--
local system = require "system"
local stream = require "stream"
local sleep = require "time".sleep

spawn(function()
  -- WARNING: Please, do not ever use timers to synchronize
  -- tasks in your programs. This is just an example.
  sleep(1)

  stream.write_all(system.out, " World\n")
end):detach()

stream.write_all(system.out, "Hello")

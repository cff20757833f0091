-- times scaled; try_lock shows that the mutex stays locked
local mutex = require 'mutex'
local sleep = require('time').sleep
local m = mutex.new()

local f = spawn(function()
  m:lock()
  sleep(60)
  m:unlock()
end)

sleep(0.1)
f:cancel()
f:join()
print(f.cancellation_caught, m:try_lock())

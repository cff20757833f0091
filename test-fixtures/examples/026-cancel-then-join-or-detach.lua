--
local sleep = require('time').sleep
local fib = spawn(function() sleep(10) end)
fib:cancel()
fib:join()
print('joined', fib.cancellation_caught)

-- ...or
fib = spawn(function() sleep(10) end)
fib:cancel()
fib:detach()
print('detached', fib.joinable)

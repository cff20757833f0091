--
local global_sock_mutex = require('mutex').new()
local function echo() this_fiber.yield() this_fiber.yield() end
local child_fib = spawn(function()
  local buf = byte_span.new(1024)
  global_sock_mutex:lock()
  local ok, ex = pcall(function()
    echo(nil, buf)
  end)
  global_sock_mutex:unlock()
  if not ok then
    error(ex)
  end
end)
this_fiber.yield()
child_fib:cancel()
child_fib:join()
print(child_fib.cancellation_caught, global_sock_mutex:try_lock())

--
local m = require('mutex').new()
local co = coroutine.create(function()
  m:lock()
  -- this handler will never be called
  scope_cleanup_push(function() print('unreachable') m:unlock() end)
  coroutine.yield()
end)

coroutine.resume(co)
co = nil
collectgarbage('collect')
collectgarbage('collect')
print('still locked', spawn(function() return m:try_lock() end):join())

-- completed with the missing resume
local io_obj = {}
function io_obj:emilua_async_op()
    this_fiber.yield()
    print('operation done')
end
function user_fn()
  local co = coroutine.create(function()
    io_obj:emilua_async_op()
  end)
  coroutine.resume(co)
end
spawn(function() print('another fiber') end):detach()
user_fn()
print('user_fn returned')

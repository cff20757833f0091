--
local io_obj = {}
function io_obj:emilua_async_op()
    this_fiber.yield()
    return 'result'
end
function user_fn()
    print(pcall(function()
        return io_obj:emilua_async_op()
    end))
end
local other = spawn(function() print('another fiber') end)
user_fn()

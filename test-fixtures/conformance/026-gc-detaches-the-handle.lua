-- a collected handle detaches the fiber, it still runs
do
    spawn(function()
        this_fiber.yield()
        print('not canceled by the GC')
    end)
end
collectgarbage('collect')
collectgarbage('collect')
this_fiber.yield()
this_fiber.yield()
this_fiber.yield()
print('end')

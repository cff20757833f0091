-- an error escaping the main fiber terminates the VM
spawn(function()
    for i = 1, 100 do this_fiber.yield() end
    print('unreachable')
end):detach()
print('about to fail')
error('only on stderr')

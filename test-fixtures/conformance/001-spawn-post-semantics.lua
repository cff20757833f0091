-- post semantics: the spawner keeps running until it suspends
spawn(function() print('child') end):detach()
print('main 1')
print('main 2')
this_fiber.yield()
print('main 3')

-- Leaves an actor of its own behind.
spawn_vm('./late')
print('parent is through')

-- exit: 1
-- A cleanup handler that fails ends the VM, in a coroutine as well.
coroutine.wrap(function () scope_cleanup_push(function () error('on purpose') end) end)()
print('unreachable')

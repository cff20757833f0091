--
print(pcall(function(...)
    scope_cleanup_push(function() print('pcall handler') end)
    print('args', ...)
    return 'r1', 'r2'
end, 1, 2))
print(xpcall(function(...)
    scope_cleanup_push(function() print('xpcall handler') end)
    print('args', ...)
    error('oops', 0)
end, function(e) return 'handled ' .. e end, 'x', 'y'))
print('after')

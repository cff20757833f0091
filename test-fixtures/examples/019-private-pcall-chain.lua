--
c1 = coroutine.create(function()
  print(pcall(function()
    coroutine.yield('suspended inside pcall')
    error('raised after the resume', 0)
  end))
  return 'end'
end)
print(coroutine.resume(c1))
print(coroutine.resume(c1))

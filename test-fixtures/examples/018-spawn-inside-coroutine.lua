--
coroutine.wrap(function()
  spawn(function()
    print('Hello World')
  end)
end)()

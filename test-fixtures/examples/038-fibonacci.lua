--
fibonacci = coroutine.create(function()
  local a, b = 0, 1
  while true do
    a, b = b, a + b
    coroutine.yield(a)
  end
end)
-- created here, resumed from several fibers
local out = {}
for i = 1, 8 do
    spawn(function()
        local ok, v = coroutine.resume(fibonacci)
        out[i] = v
    end):join()
end
print(table.concat(out, ' '))

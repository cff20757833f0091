-- Sleeps are canceled while they complete on other threads; what a sanitizer sees as a use after free otherwise.
local time = require 'time'
spawn_context_threads(2)
local slept = 0
for _ = 1, 100 do
  local fibers = {}
  for i = 1, 20 do
    fibers[i] = spawn(function () time.sleep(0.0001 * i) slept = slept + 1 end)
  end
  this_fiber.yield()
  local start = time.steady_clock.now()
  while time.steady_clock.now() - start < 0.001 do end
  for _, f in ipairs(fibers) do f:cancel() end
  for _, f in ipairs(fibers) do
    f:join()
    if f.cancellation_caught then slept = slept + 1 end
  end
end
print(slept)

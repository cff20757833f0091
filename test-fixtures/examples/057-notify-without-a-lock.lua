--
local m = require('mutex').new()
local c = require('condition_variable').new()
local ready = false
local function consumer()
  scope(function()
    scope_cleanup_push(function() m:unlock() end)
    m:lock()
    while not ready do
      c:wait(m)
    end

    print('event consumed')

  end)
end

local function producer()
  ready = true
  c:notify_one()
end
local f = spawn(consumer)
this_fiber.yield()
producer()
f:join()

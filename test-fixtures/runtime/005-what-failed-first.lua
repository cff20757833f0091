-- What a group raises is what failed, whatever the cancellation of the rest makes of it.
local runtime = require 'runtime'
local sleep = require('time').sleep

local function raised (name, f)
  local ok, e = pcall(runtime.task_group, f)
  print(name, ok, tostring(e), type(e) == 'table' and e.cause or nil)
end

local function fail (seconds)
  sleep(seconds)
  error('real', 0)
end

raised('a task joins another that is canceled', function (group)
  local waiting = group:spawn(sleep, 60)
  group:spawn(function () waiting:join() end)
  group:spawn(fail, 0.001)
  waiting:join()
end)

raised('what is canceled raises that again', function (group)
  group:spawn(function ()
    local ok, e = pcall(sleep, 60)
    error(e, 0)
  end)
  group:spawn(fail, 0.001)
  local ok, e = pcall(sleep, 60)
  error(e, 0)
end)

raised('what is canceled makes a failure of that', function (group)
  group:spawn(function ()
    local ok, e = pcall(sleep, 60)
    error('gave up: ' .. tostring(e), 0)
  end)
  group:spawn(fail, 0.001)
  sleep(60)
end)

raised('it fails when it has canceled the rest itself', function (group)
  group:spawn(function ()
    group:cancel()
    error('real', 0)
  end)
  sleep(60)
end)

raised('a plain fiber that was canceled comes first', function (group)
  local other = spawn(function () sleep(60) end)
  group:spawn(function () other:join() end)
  other:cancel()
  group:spawn(fail, 0.001)
  sleep(60)
end)

raised('a group in a group', function (outer)
  outer:spawn(function ()
    runtime.task_group(function (inner)
      inner:spawn(fail, 0.001)
      runtime.timeout(60, sleep, 60)
    end)
  end)
  runtime.race{ function () sleep(60) end, function () sleep(60) end }
end)

-- Canceled from outside, it fails all the same.
local waits = false
local fiber = spawn(function ()
  runtime.task_group(function (group)
    group:spawn(function ()
      waits = true
      pcall(sleep, 60)
      error('real', 0)
    end)
    sleep(60)
  end)
end)
repeat this_fiber.yield() until waits
fiber:cancel()
print(pcall(fiber.join, fiber))
print(fiber.cancellation_caught)

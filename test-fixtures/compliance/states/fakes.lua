-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Fixtures whose operations are fakes, good and broken ones: self/run.mjs shows with them that the suite can fail.

local function fake (name, operation)
  local function make ()
    local c = { from = 'from', to = 'to', [name] = operation }
    function c:feed () self.fed = true end
    c.object = c
    return c
  end
  return { make = make }
end

local function receive (c)
  while not c.fed do this_fiber.yield() end
  return 5
end

fakes = {
  fake_disk = fake('rename', function () end),
  fake_failing_disk = fake('rename', function () error('there is no disk', 0) end),
  fake_receiver = fake('receive', receive),
  fake_wrong_receiver = fake('receive', function (c) return receive(c) + 1 end),
  fake_hasty_receiver = fake('receive', function () return 5 end),
  fake_deaf_receiver = fake('receive', function (c)
    this_fiber.disable_cancellation()
    for _ = 1, 20 do this_fiber.yield() end
    this_fiber.restore_cancellation()
    return 5
  end)
}

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- As parked.lua, with bare coroutines.
local count = tonumber(os.getenv('BENCHMARK_PARKED'))
local parked = {}

local function park() coroutine.yield() end

for i = 1, count do
    parked[i] = coroutine.create(park)
    coroutine.resume(parked[i])
end
collectgarbage()
collectgarbage()
print('parked ' .. count)
io.flush()
io.read()

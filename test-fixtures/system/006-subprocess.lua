-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Waiting for children, in several fibers and not at all; signals for them; what is left to the process.
local system = require 'system'
local filesystem = require 'filesystem'
local time = require 'time'
local signal = system.signal

local function sleeper(farewell)
    return system.spawn {
        program = 'sleep', arguments = { 'sleep', '1000' }, signal_on_gcreaper = farewell
    }
end

local child = sleeper()
print(child.pid > 0, pcall(function () return child.exit_code end))
local canceled = spawn(function () child:wait() end)
local first = spawn(function () child:wait() return child.exit_code end)
local second = spawn(function () child:wait() return child.exit_signal end)
this_fiber.yield()
canceled:cancel()
canceled:join()
print(canceled.cancellation_caught)
child:kill(0)
child:kill(signal.SIGKILL)
print(first:join(), second:join(), child.pid)
child:wait()
local ok, e = pcall(child.kill, child, 0)
print(ok, e.code == 3, e.syscall)
ok, e = pcall(child.kill, child, 1000)
print(ok)

-- Killed while they start, hundreds at once.
local fibers = {}
for i = 1, 300 do
    local killed = i % 3 == 0
    fibers[i] = spawn(function ()
        local p = killed and sleeper() or system.spawn {
            program = 'sh', arguments = { 'sh', '-c', 'exit ' .. i % 100 }
        }
        if killed then p:kill(signal.SIGTERM) end
        if i % 7 == 0 then
            local waiting = spawn(function () p:wait() end)
            this_fiber.yield()
            waiting:cancel()
            waiting:join()
        end
        p:wait()
        return p.exit_code == (killed and 128 + signal.SIGTERM or i % 100)
    end)
end
local right = 0
for i = 1, #fibers do
    if fibers[i]:join() then right = right + 1 end
end
print(right)

-- Handles that are dropped: each with a signal of its own, all reaped.
local pids = {}
for i = 1, 100 do
    local p = sleeper(i % 2 == 0 and signal.SIGKILL or nil)
    pids[i] = p.pid
end
local function gone(pid) return not filesystem.exists(filesystem.path.new('/proc/' .. pid)) end
fibers = nil
repeat
    collectgarbage()
    time.sleep(0.01)
    local left = 0
    for _, pid in ipairs(pids) do
        if not gone(pid) then left = left + 1 end
    end
until left == 0
print('all reaped')

-- An actor that ends says farewell to its children; the process waits for those that it is told not to end.
local late = system.spawn {
    program = 'sh', arguments = { 'sh', '-c', 'sleep 0.2; echo the last word' },
    environment = { PATH = '/usr/bin:/bin' }, stdout = 'share', signal_on_gcreaper = 0
}
late = nil

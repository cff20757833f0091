-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What is pending when its object closes, or its fiber is canceled, ends.
local ip = require 'ip'
local generic_error = require 'generic_error'

local function aborted(e) return e:togeneric() == generic_error.ECANCELED end
local acceptor = ip.tcp.listen('127.0.0.1:0')
local function pair()
    local f = spawn(function () return acceptor:accept() end)
    local client = ip.tcp.dial(ip.tostring(acceptor.local_address, acceptor.local_port))
    return client, f:join()
end

local a, b = pair()
local pending = {
    function () return a:read_some(byte_span.new(1)) end,
    function () return a:receive(byte_span.new(1), { 'peek' }) end,
    function () return a:wait('read') end,
    function () return acceptor:accept() end,
    function () return acceptor:wait('read') end
}
for _, stop in ipairs {
    function () a:cancel() acceptor:cancel() end,
    function () a:close() acceptor:close() end
} do
    local fibers = {}
    for i, f in ipairs(pending) do
        fibers[i] = spawn(function ()
            local ok, e = pcall(f)
            return ok, not ok and aborted(e)
        end)
    end
    this_fiber.yield()
    stop()
    for _, f in ipairs(fibers) do print(f:join()) end
end
print(a.is_open, acceptor.is_open)
for _, f in ipairs(pending) do
    local ok, e = pcall(f)
    print(ok, e:togeneric() == generic_error.EBADF)
end
a:close()
acceptor:close()

acceptor = ip.tcp.listen('127.0.0.1:0')
a, b = pair()
for _, f in ipairs(pending) do
    local fiber = spawn(f)
    this_fiber.yield()
    fiber:cancel()
    fiber:join()
    print(fiber.cancellation_caught)
end

-- Nothing was lost to the reads that were canceled.
b:write_some(byte_span.append('still here'))
local buf = byte_span.new(16)
print(buf:first(a:read_some(buf)))

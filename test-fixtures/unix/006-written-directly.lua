-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What write_all does without an operation it does by a function of the FFI, once it is compiled as well: what it means
-- stays what it is, wherever it is called.
local stream = require 'stream'
local unix = require 'unix'

local ours, theirs = unix.stream.socket.pair()
local letter, into = byte_span.append('x'), byte_span.new(1)

-- Compiled from here on.
for _ = 1, 300 do
    assert(stream.write_all(ours, letter) == 1 and theirs:read_some(into) == 1)
end

local function try (to, what)
    local ok, e = pcall(stream.write_all, to, what or letter)
    return ok and e or tostring(e)
end

-- Nothing, text, something of a program's own.
print(try(ours, byte_span.new(0)), try(ours, 'text'), theirs:read_some(byte_span.new(10)))
local mine = { write_some = function (_, bytes) return math.min(#bytes, 2) end }
print(try(mine, byte_span.append('12345')), try(nil), try(ours, 5))

-- More than the peer has room for: the rest waits.
local large = byte_span.new(3000000)
local writer = spawn(function () return stream.write_all(ours, large) end)
print(stream.read_all(theirs, byte_span.new(3000000)), writer:join())

-- Inside a coroutine, in one that waits there, and where nothing may suspend.
local function in_coroutine (f)
    local thread = coroutine.create(f)
    local ok, result = coroutine.resume(thread)
    return ok, tostring(result)
end
print(in_coroutine(function () return try(ours) end))
print(in_coroutine(function ()
    this_fiber.yield()
    return try(ours)
end))
print(in_coroutine(function ()
    local told
    table.sort({ 2, 1 }, function (a, b)
        told = told or try(ours)
        return a < b
    end)
    return told
end))
local told
table.sort({ 2, 1 }, function (a, b)
    told = told or try(ours)
    return a < b
end)
print(told)
print((pcall(coroutine.resume, 5)))
print(try(ours), theirs:read_some(byte_span.new(10)))
this_fiber.forbid_suspend()
print(try(ours))
this_fiber.allow_suspend()
print(try(ours), theirs:read_some(byte_span.new(10)))

-- Canceled, also in compiled code.
local canceled = spawn(function ()
    this_fiber.yield()
    for _ = 1, 300 do stream.write_all(ours, letter) end
    return 'went on'
end)
canceled:cancel()
print(canceled:join(), canceled.cancellation_caught)
theirs:close()
for _ = 1, 2 do print(try(ours)) end
ours:close()
print(try(ours))
local ok, e = pcall(stream.write_all, ours, letter)
print(ok, e.syscall, e.code)

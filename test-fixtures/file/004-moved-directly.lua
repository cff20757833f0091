-- SPDX-License-Identifier: MIT OR BSL-1.0
-- What read_some_at and write_some_at do without an operation they do by a function of the FFI, once they are compiled
-- as well: what they mean stays what it is, wherever they are called.
local file = require 'file'
local filesystem = require 'filesystem'
local pipe = require 'pipe'

local folder = filesystem.temp_directory_path() / ('moved-directly-' .. require('system').getpid())
filesystem.create_directory(folder)
scope_cleanup_push(function () filesystem.remove_all(folder) end)
local path = folder / 'it'
local f = file.random_access.new()
f:open(path, { 'create', 'read_write' })
local letter, into = byte_span.append('x'), byte_span.new(1)

-- Compiled from here on.
local sum = 0
for i = 1, 300 do
    assert(f:write_some_at(i - 1, byte_span.append(string.char(i % 256))) == 1)
    assert(f:read_some_at(i - 1, into) == 1)
    sum = sum + into[1]
end
print(f.size, sum)

local function try (method, ...)
    local ok, e = pcall(f[method], ...)
    return ok and e or tostring(e)
end
local function read (...) return try('read_some_at', f, ...) end
local function write (...) return try('write_some_at', f, ...) end

-- Loops, so that compiled code has them, too.
local function often (what)
    local last
    for _ = 1, 300 do last = what() end
    return last
end

-- Places, buffers and objects that are none.
print(often(function () return read(300, into) end))
for _, place in ipairs { -1, 0.5, 2^53 + 2, 0/0, 1/0, '0', {} } do
    local told = often(function () return read(place, into) end)
    print((told:gsub('table: 0x%x+', 'table')))
end
print(often(function () return read(nil, into) end))
print(often(function () return read(0, 'text') end), often(function () return write(0, 'text') end))
print(often(function () return read(0) end), often(function () return read(0, byte_span.new(0)) end))
print(often(function () return try('read_some_at', 5, 0, into) end))
print(often(function () return try('read_some_at', file.stream.new(), 0, into) end))
print(often(function () return read(2^53, into) end), read(1, into), into[1])

-- Inside a coroutine, in one that waits there, and where nothing may suspend.
local function in_coroutine (what)
    local thread = coroutine.create(what)
    local ok, result = coroutine.resume(thread)
    return ok, tostring(result)
end
print(in_coroutine(function () return often(function () return read(2, into) end) + into[1] end))
print(in_coroutine(function ()
    this_fiber.yield()
    return read(0, into)
end))
local function inside_sort ()
    local told
    table.sort({ 2, 1 }, function (a, b)
        told = told or read(0, into)
        return a < b
    end)
    return told
end
print(in_coroutine(inside_sort))
print(inside_sort())
this_fiber.forbid_suspend()
print(often(function () return read(0, into) end))
this_fiber.allow_suspend()

-- Canceled, also in compiled code.
local canceled = spawn(function ()
    this_fiber.yield()
    for _ = 1, 300 do f:read_some_at(0, into) end
    return 'went on'
end)
canceled:cancel()
print(canceled:join(), canceled.cancellation_caught)

-- Nobody keeps the others from their turn.
local turns, done = 0, false
local other = spawn(function ()
    while not done do
        turns = turns + 1
        this_fiber.yield()
    end
end)
for _ = 1, 100000 do f:read_some_at(0, into) end
done = true
other:join()
print(turns > 10)

-- Not open for writing, not open, and what has no places.
local reader = file.random_access.new()
reader:open(path, { 'read_only' })
local ok, e = pcall(reader.write_some_at, reader, 0, letter)
print(ok, tostring(e), e.syscall, e.code)
f:close()
for _ = 1, 2 do print(often(function () return read(0, into) end)) end
local ends = { pipe.pair() }
f:assign(ends[1]:release())
print(often(function () return read(0, into) end))

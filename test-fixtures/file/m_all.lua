-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Everything that a file does, whatever does it behind the scenes: 001, 002 and 003 run it.
local asio_error = require 'asio_error'
local file = require 'file'
local fs = require 'filesystem'
local generic_error = require 'generic_error'
local stream = require 'stream'
local time = require 'time'

local function failing (f, ...)
    local ok, e = pcall(f, ...)
    assert(not ok)
    return e
end

-- A file without a name, and as many descriptors of its own as one likes.
local folder = file.stream.new()
folder:open(fs.path.new('/tmp'))
local unnamed = folder:release():openat(fs.path.new('.'), { 'temporary', 'read_write' }, 384)
local path = fs.path.new(tostring(unnamed))
local function open (class, flags)
    local f = class.new()
    f:open(path, flags or { 'read_write' })
    return f
end

-- In order.
local f = open(file.stream)
print(f.is_open, f.size, stream.write_all(f, 'hello world'), f.size)
print(f:seek(0, 'set'), f:seek(6, 'cur'), f:seek(-5, 'end'))
local buffer = byte_span.new(5)
print(stream.read_all(f, buffer), buffer)
print(failing(f.read_some, f, buffer) == asio_error.misc.eof, f:read_some(byte_span.new(0)))
print(failing(f.seek, f, -1, 'set'):togeneric() == generic_error.EINVAL, f:seek(0, 'cur'))
f:sync_all()
f:sync_data()

-- Reads that wait for each other share a position, and read nothing twice.
f:seek(0, 'set')
local text, readers = {}, {}
for i = 1, 11 do
    readers[i] = spawn(function ()
        local one = byte_span.new(1)
        f:read_some(one)
        text[i] = tostring(one)
    end)
end
for _, reader in ipairs(readers) do reader:join() end
table.sort(text)
print(table.concat(text))

-- At the end, whatever the position is.
local log = open(file.stream, { 'write_only', 'append' })
log:seek(0, 'set')
print(stream.write_all(log, '!'), log:seek(0, 'cur'))
print(failing(log.read_some, log, buffer):togeneric() == generic_error.EBADF)

-- A scanner takes lines from it.
f:resize(0)
f:seek(0, 'set')
stream.write_all(f, 'one\ntwo\n')
f:seek(0, 'set')
local scanner = stream.scanner.new { stream = f }
print(scanner:get_line(), scanner:get_line())

-- At any place.
local r = open(file.random_access)
r:resize(64 * 4096)
local writers = {}
for i = 0, 63 do
    writers[#writers + 1] = spawn(function ()
        local block = byte_span.new(4096)
        block[1] = i
        file.write_all_at(r, i * 4096, block)
    end)
end
for _, writer in ipairs(writers) do writer:join() end
local sum, blocks = 0, {}
for i = 0, 63 do
    blocks[#blocks + 1] = spawn(function ()
        local block = byte_span.new(4096)
        file.read_all_at(r, i * 4096, block)
        sum = sum + (block[1] == i and 1 or 0)
    end)
end
for _, reader in ipairs(blocks) do reader:join() end
print(sum, r.size)
print(file.write_at_least_at(r, 0, 'abc', 0), file.read_at_least_at(r, 64 * 4096 - 2, byte_span.new(5), 1))
print(failing(file.read_all_at, r, 64 * 4096 - 2, byte_span.new(5)) == asio_error.misc.eof)
print(r:read_some_at(64 * 4096, byte_span.new(0)), failing(r.read_some_at, r, 2^52, buffer) == asio_error.misc.eof)

-- Locks.
local other = open(file.stream, { 'read_only' })
r:lock()
print(other:try_lock(), other:try_lock_shared())
local waiter = spawn(function () other:lock() return 'locked' end)
this_fiber.yield()
waiter:cancel()
waiter:join()
print(waiter.cancellation_caught)
waiter = spawn(function () other:lock_shared() return 'locked' end)
this_fiber.yield()
r:unlock()
print(waiter:join())
print(r:try_lock(), r:try_lock_shared())
waiter = spawn(function () return pcall(r.lock, r) end)
this_fiber.yield()
r:cancel()
print(select(2, waiter:join()) == asio_error.basic.operation_aborted)
waiter = spawn(function () r:lock() return 'locked' end)
this_fiber.yield()
other:close()
print(waiter:join())

-- Every operation is canceled before it starts, and while it waits unless it was done; then it is delivered.
local content = ('0123456789abcdef'):rep(4096)
local whole = byte_span.append(content)
f = open(file.stream)
f:resize(0)
stream.write_all(f, content)
local block = byte_span.new(4096)
local part = whole:first(4096)
local operations = {
    { 'read_some', function () return f:read_some(block) end },
    { 'write_some', function () return f:write_some(part) end },
    { 'read_some_at', function () return r:read_some_at(32, block) end },
    { 'write_some_at', function () return r:write_some_at(32, part) end },
    { 'read_all_at', function () return file.read_all_at(r, 0, block) end },
    { 'write_all_at', function () return file.write_all_at(r, 0, part) end },
    { 'sync_all', function () r:sync_all() return 4096 end },
    { 'sync_data', function () f:sync_data() return 4096 end },
}
for _, operation in ipairs(operations) do
    local name, call = unpack(operation)
    local right, early = 0, 0
    for round = 1, 20 do
        f:seek(0, 'set')
        local moved
        local one = spawn(function () moved = call() end)
        for _ = 2, round % 4 do this_fiber.yield() end
        one:cancel()
        one:join()
        if one.cancellation_caught and moved == nil or moved == 4096 then right = right + 1 end
        one = spawn(function () call() end)
        one:cancel()
        one:join()
        if one.cancellation_caught then early = early + 1 end
    end
    print(name, right, early)
end
f:seek(0, 'set')
local all = byte_span.new(#content)
print(stream.read_all(f, all), tostring(all) == content, f.size)
f:close()

-- Descriptors in and out.
local fd = r:release()
print(r.is_open, fd.type, failing(function () return r.size end):togeneric() == generic_error.EBADF)
r:assign(fd)
print(r.is_open, failing(r.assign, r, unnamed) == asio_error.misc.already_open, pcall(fd.close, fd))
r:close()
r:close()
print(r.is_open, failing(r.read_some_at, r, 0, buffer):togeneric() == generic_error.EBADF)

-- What makes one wait, and can be canceled.
local reader, writer = require('pipe').pair()
local end_of_pipe = file.stream.new(reader:release())
local read = spawn(function () return pcall(end_of_pipe.read_some, end_of_pipe, buffer) end)
this_fiber.yield()
end_of_pipe:cancel()
print(select(2, read:join()) == asio_error.basic.operation_aborted)
read = spawn(function () return end_of_pipe:read_some(buffer) end)
this_fiber.yield()
writer:write_some(byte_span.append('ab'))
print(read:join())
print(failing(end_of_pipe.seek, end_of_pipe, 0, 'set'):togeneric() == generic_error.ESPIPE)
local random_end = file.random_access.new(end_of_pipe:release())
print(failing(random_end.read_some_at, random_end, 0, buffer):togeneric() == generic_error.ESPIPE)

-- Bad flags name the argument.
f = open(file.stream)
print(failing(f.open, f, path, {}) == asio_error.misc.already_open)
f:close()
for _, flags in ipairs { { 'read_only', 'write_only' }, { 'exclusive' }, { 'resolve_beneath' }, 'create' } do
    local e = failing(f.open, f, path, flags)
    print(e:togeneric() == generic_error.EINVAL, e.arg)
end

-- SPDX-License-Identifier: MIT OR BSL-1.0
-- A second fiber is refused while one waits, and neither loses a record.
local generic_error, pipe, stream = require 'generic_error', require 'pipe', require 'stream'

local reader, writer = pipe.pair()
local scanner = stream.scanner.new{ stream = reader }
local function waiting_for_a_line ()
    local begun = false
    local fiber = spawn(function ()
        begun = true
        return tostring(scanner:get_line())
    end)
    while not begun do this_fiber.yield() end
    return fiber
end

local first = waiting_for_a_line()
local ok, e = pcall(scanner.get_line, scanner)
print(ok, e, e == generic_error.EBUSY)
stream.write_all(writer, 'one\ntwo\n')
print(first:join())
print(scanner:get_line())

-- One that was canceled waits no longer.
local canceled = waiting_for_a_line()
canceled:cancel()
canceled:join()
stream.write_all(writer, 'three\n')
print(scanner:get_line())

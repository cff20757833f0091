-- SPDX-License-Identifier: MIT OR BSL-1.0
-- Writes to `cat` and reads what it writes.
local filesystem = require 'filesystem'
local pipe = require 'pipe'
local stream = require 'stream'
local system = require 'system'
local clock = require('time').steady_clock

local least = tonumber(system.environment.BENCHMARK_SECONDS)
local stdin, to_child = pipe.pair()
local from_child, stdout = pipe.pair()
stdin, stdout = stdin:release(), stdout:release()
local child = system.spawn {
    program = filesystem.path.new('/bin/cat'), arguments = { 'cat' }, stdin = stdin, stdout = stdout
}
stdin:close()
stdout:close()

local begin = clock.now()
spawn(function()
    local block = byte_span.with_zeros(65536)
    repeat stream.write_all(to_child, block) until clock.now() - begin >= least
    to_child:close()
end):detach()
local buffer, size = byte_span.new(65536), 0
while true do
    local ok, n = pcall(from_child.read_some, from_child, buffer)
    if not ok then break end
    size = size + n
end
print(string.format('cat %.0f MB/s', size / (clock.now() - begin) / 1e6))
child:wait()

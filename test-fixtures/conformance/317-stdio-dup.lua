-- dup, dup_from on standard streams
local system = require 'system'
local stream = require 'stream'
local pipe = require 'pipe'
local saved = system.out:dup()
local r, w = pipe.pair()
w = w:release()
system.out:dup_from(w)
w:close()
stream.write_all(system.out, 'into the pipe')
system.out:dup_from(saved)
local buf = byte_span.new(100)
stream.write_all(system.out, '[' .. tostring(buf:first(r:read_some(buf))) .. ']\n')
local ok = pcall(r.read_some, r, buf)
stream.write_all(system.out, tostring(ok) .. ' ' .. saved.type:gsub('%a+', 'some type') .. '\n')
stream.write_all(system.out, tostring(system.out:isatty()) .. '\n')
